"""One-off relief that was granted in requests for relief.

Told by the opinions that stood at the end of the period's last day, in the words that they were
served with: one that was returned or redone later changes nothing. An opinion that was entered
late restates the half-year in which it was served.
"""
