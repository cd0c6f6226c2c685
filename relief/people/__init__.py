"""Persons and their identity numbers: finding them, and not doubling them."""
