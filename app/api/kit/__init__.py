"""What every wire format uses: who calls, what a body may hold, where work waits, errors."""
