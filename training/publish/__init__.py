"""Publishing in general: cards, precision, reports, curves in manifests."""
