"""Why this amount: every line, and everything a list did not settle, told from what was known.

evidence (what was recorded) <- differences (between two views of a month) <- causes (why now, why
too much) <- slip (the sums) and background (what stands behind them) <- explain.
"""

from __future__ import annotations

from relief.payouts.explanation.explain import Explanation, explain_line

__all__ = ["Explanation", "explain_line"]
