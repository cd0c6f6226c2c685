"""Reports: the figures of a half-year, each computed from the rows that stand behind it. Reads
only."""
