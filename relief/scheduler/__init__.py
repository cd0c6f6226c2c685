"""What is due (jobs), and when to look."""
