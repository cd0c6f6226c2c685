"""Cases on the five steps: the list, and one to read."""
