"""The office: what is not of every day, each page behind its door."""
