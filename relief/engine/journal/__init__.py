"""What was done: entries chained by their hashes, sealed by the day, and searched for tampering."""
