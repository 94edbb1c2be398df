"""Number of slips of the pen between two words."""


def edit_distance(first: str, second: str) -> int:
    """Levenshtein's: the fewest letters to insert, remove or replace."""
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        previous, row[0] = row[0], i
        for j, b in enumerate(second, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (a != b))
    return row[-1]
