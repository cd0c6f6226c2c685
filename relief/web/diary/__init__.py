"""The scheduler's diary."""
