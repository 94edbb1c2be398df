"""What encoders are taught by."""
