"""How good readers of dates are."""
