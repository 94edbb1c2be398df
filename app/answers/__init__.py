"""Answers as clients of every kind see them: HTTP and commands. They stand on pydantic alone."""
