"""The journal, for those who inspect it."""
