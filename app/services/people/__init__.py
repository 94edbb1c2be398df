"""People who have no name yet: faces imported without names, their groups, and naming them."""
