"""Hardship files: households, their dated facts, the register and the ledger of changes."""
