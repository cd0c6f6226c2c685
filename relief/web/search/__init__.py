"""The one search box: persons, cases, contacts, households and lines of lists."""
