"""What knows nothing of relief: errors, text, money, months, clock, settings, database, crypto."""
