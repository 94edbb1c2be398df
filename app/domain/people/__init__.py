"""People as the gallery gets to know them: corrections of who is who."""
