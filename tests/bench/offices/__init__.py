"""Offices to measure in: empty ones, and ones with many invented households."""
