"""Foreign files of weights to named arrays in torch's layout."""
