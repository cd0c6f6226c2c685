"""Entitlement, items, runs, the bank's files and answers, explanation and verification."""
