"""Cases on the five steps: received, accepted, handled, implemented, fed back."""
