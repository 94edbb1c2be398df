"""Care for browsers and proxies around every format; foreign pages are kept out."""
