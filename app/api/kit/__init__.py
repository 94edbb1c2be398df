"""Parts of every wire format: who calls, what a body may hold, where work waits, errors."""
