"""Events and deliveries in SQL."""
