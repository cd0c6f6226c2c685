"""Mutation testing of the payout rules and the engine; see README.md."""
