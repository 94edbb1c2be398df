"""Pictures by the thousand: where they come from, what becomes of them, and what is told."""
