"""The office's scheme."""
