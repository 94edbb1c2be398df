"""A server as processes: an acceptor of connections and, beside it, workers."""
