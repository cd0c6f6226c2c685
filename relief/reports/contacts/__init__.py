"""Visits, calls and letters: who came, called and wrote.

A contact that was entered late, or taken out as entered wrongly, restates the half-year in which
it happened.
"""
