"""The database's shape, step by step (alembic). A step that was released never changes."""
