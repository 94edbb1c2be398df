"""Everything that differs between the databases, one object for each."""
