"""Cases on the five steps: received, accepted, handled, in time, carried over, and the ways beside.

Told as they stood at the end of the period's last day: what happened to a case later changes
nothing. A case or a step that was entered late restates the half-year in which it happened; a
change of the office's calendar may move a day by which an opinion was due; a case that was made
restricted is shown by its number alone from then on, and counts among the restricted ones.
"""
