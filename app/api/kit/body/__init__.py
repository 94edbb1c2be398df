"""Bodies of requests: taken in within limits, parsed, and described."""
