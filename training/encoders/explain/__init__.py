"""Pictures of what a network looks for, and of the people it tells apart."""
