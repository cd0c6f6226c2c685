"""A session as Markdown: what every peer took, and how the goals stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.bench.plan import Figure, Goal, Job, Peer, Results


def of_job(job: Job, results: Results) -> Iterator[str]:
    """A table of the peers, and one of the goals."""
    headings = list(job.columns.values())
    yield f"### {job.title}"
    yield ""
    yield _row(["peer", *headings, "runs"])
    yield _row(["---", *("---:" for _ in headings), "---:"])
    for peer in job.peers:
        yield _row(_cells(job, peer, results))
    yield ""
    if job.same_result and not _agree(job, results):
        yield "**The peers did not come to the same result: these figures compare nothing.**"
        yield ""
    if job.goals:
        yield from of_goals([(job, results)])


def of_goals(done: Sequence[tuple[Job, Results]]) -> Iterator[str]:
    """How the goals of jobs stand."""
    yield _row(["work", "measured", "goal", "is"])
    yield _row(["---", "---:", "---:", "---"])
    for job, results in done:
        for goal in job.goals:
            yield _row([f"{job.title}: {goal.says}", *_goal_cells(goal, goal.figure(results))])
    yield ""


def _goal_cells(goal: Goal, figure: Figure | None) -> list[str]:
    bound = f"{'≥' if goal.at_least else '≤'} {goal.bound:g}{goal.unit}"
    if figure is None:
        return ["–", bound, "not measured"]
    return [f"{_spread(figure)}{goal.unit}", bound, _judged(goal, figure)]


def _judged(goal: Goal, figure: Figure) -> str:
    if goal.is_met(figure):
        return "met"
    by = goal.missed_by(figure)
    return f"**missed by {by:.0%}**" if by <= 1 else f"**missed: {by + 1:.1f} times the goal**"


def _cells(job: Job, peer: Peer, results: Results) -> list[str]:
    if reason := results.failed(peer.name):
        return [peer.name, f"not run: {reason}", *("" for _ in job.columns)]
    figures = [results.middle(peer.name, name) for name in job.columns]
    shown = [_spread(figure) if figure else "–" for figure in figures]
    return [peer.name, *shown, str(len(results.runs.get(peer.name, {})))]


def _agree(job: Job, results: Results) -> bool:
    """Whether all runs came to one result, where they say what they came to."""
    said = [
        str(run["agrees"])
        for peer in job.peers
        for run in results.runs.get(peer.name, {}).values()
        if "agrees" in run
    ]
    return len(set(said)) <= 1


def _spread(figure: Figure) -> str:
    if figure.low == figure.high:
        return _number(figure.middle)
    return f"{_number(figure.middle)} ({_number(figure.low)}–{_number(figure.high)})"


def _number(value: float) -> str:
    """Three digits that count, or all before the point."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
