"""What always holds (docs/payouts.md, section 5), each rule once, looked up in the tables as they
stand: written apart from the program's own checks, and beside them.

| no. | rule | where |
|---|---|---|
| 1 | no item lifts P above E as known at its T, no recovery takes it below | `lists.bounds` |
| 2 | a line is the sum of its items, a run the sum of its lines | `lists.sums` |
| 3 | made anew with nothing new it is the same list | whoever prepares, by its hash |
| 4 | the result depends on the facts alone | tests/service/test_life_told_twice.py |
| 5 | whole or not at all | tests/faults; `record.voids` |
| 6 | recomputed at its T a run is what it was | `lists.recomputed` |
| 7 | the bridge leaves no rest | `lists.bridged` |
| | the short way, the full and the plain one agree | `ways` |
| | of what was released each line is answered, or waits, once | `lists.answered` |
| | nothing was tampered with; the order of record | `record` |
"""
