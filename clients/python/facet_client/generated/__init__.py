"""Models, options and exceptions, made from the description of the service."""
