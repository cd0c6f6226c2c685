"""Open work that goes over from one case worker to another."""
