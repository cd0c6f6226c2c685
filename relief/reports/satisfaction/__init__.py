"""How satisfied petitioners are. Restated by what is entered late; a rating of the petitioner's own
that comes after the period's end is told in the period in which it came."""
