"""Workflows as pictures: how cases go, and the way that one of them went."""
