"""Introductions to employers, and who found work again by them.

A start of work counts as it stood at the end of the period's last day: one that was taken back
later stays. A start that was entered late restates the half-year in which it happened.
"""
