"""What a network looks for, and which people it tells apart, as pictures."""
