"""One step for many cases: which steps may be chosen, which cases do not go with the others, and
each taken by itself."""
