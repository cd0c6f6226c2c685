"""What one is reminded of, and how it reaches one."""
