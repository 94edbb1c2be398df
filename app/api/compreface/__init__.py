"""CompreFace's wire format, for the programs that speak it."""
