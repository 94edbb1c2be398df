"""The version of the service. pyproject.toml and the chart state it as well; a test compares."""

VERSION = "0.2.0.dev0"
