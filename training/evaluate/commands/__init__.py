"""One command of `python -m training evaluate` each."""
