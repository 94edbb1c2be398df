"""The parts of the asynchronous client."""
