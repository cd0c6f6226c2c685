"""Safekeeping of all that an office holds: one file out, checked; one file in, into an empty place.

SQLite only; PostgreSQL has tools of its own (docs/backup.md). A backup never holds the keys.
"""
