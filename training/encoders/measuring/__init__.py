"""How good encoders are at what they are for."""
