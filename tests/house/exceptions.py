"""What does not keep the rules yet, or need not. An entry that is not needed fails too."""

LITERAL = frozenset(
    {
        "facet_lines",
        "count_lines",
        "draw_lines",
        "from_json_lines",
        "json_lines",
        "line",
        "lines",
        "_lines",
        "LINES",
        "_LINE",
        "_line",
        "body_lines",
    }
)
"""Lines of texts and of drawings, which are lines."""
RECIPE_KEYS = frozenset({"patience"})
"""Keys of recipes that people have written."""
