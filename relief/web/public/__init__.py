"""The one page of people who have no account."""
