"""Signing in and out, the first admin, the own password and language."""
