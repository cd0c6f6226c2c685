"""A run from its draft to release: preparing, previewing, its steps, what always holds."""
