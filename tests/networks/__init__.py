"""Networks as tables."""
