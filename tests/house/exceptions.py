"""What does not keep the rules yet, or need not. An entry that is not needed fails too."""

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
