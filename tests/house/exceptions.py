"""What does not keep the rules yet. These lists may only become shorter."""

LONG_FUNCTIONS = frozenset(
    {
        "app:export",
        "benchmarks:_run",
        "benchmarks:memory",
        "benchmarks:overload",
        "tests:layout",
        "tests:test_a_checkpoint_becomes_an_encoder",
        "tests:test_any_history_agrees_with_a_dictionary",
        "tests:test_lists_from_anywhere",
        "tests:test_searches_beside_changes",
        "tests:write_reid",
    }
)
BIG_FOLDERS: frozenset[str] = frozenset({})
LITERAL = frozenset(
    {
        "_one_line_in_the_table",
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
        "STATUS_LINE",
    }
)
"""Lines of texts and of drawings, which are lines."""
METAPHORS_LEFT: dict[str, frozenset[str]] = {"training": frozenset({"patience", "told"})}
"""Identifiers by package."""
