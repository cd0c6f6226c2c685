"""Money that the bank paid or sent back, and whom it helped.

The bank's answers count by its own days: one that was taken in late restates the half-year in
which the bank paid. What it sends back later is taken off later. Repayments and write-offs count by
the day on which they were confirmed, and members as known when the list was computed: these stay.
"""
