"""The desk of the demo: who came, called and wrote in the half-year, and what became of it."""
