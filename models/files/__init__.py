"""Files that appear whole and stay, and locks between processes that are files."""
