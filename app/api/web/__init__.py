"""What browsers and proxies need, and what keeps foreign pages out."""
