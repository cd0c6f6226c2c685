"""Hardship files: enrolled on the last day, newly approved, exited.

Told by the enrolments as they are recorded now: an approval or an exit that was entered late, or
put right, restates every half-year that its days lie in. An exit on a later day changes nothing.
"""
