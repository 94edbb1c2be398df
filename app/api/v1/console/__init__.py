"""Routes that the console needs beside those of everybody."""
