"""Client libraries: what of them is made from the service's own description."""
