"""One search over persons, contacts, cases, households and payouts. Reads alone."""
