"""A server as processes: one that accepts connections and, beside it, companions."""
