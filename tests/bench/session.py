"""One session: every job's peers, each run in a process of its own, interleaved.

In every round each peer of a job runs once, in shuffled order, so that what else the machine does
falls on all alike. Each run leaves a line of JSON in a file.
"""

from __future__ import annotations

import json
import random
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.bench.plan import Job, Peer, Results
from tests.bench.surroundings import Surroundings

Start = Callable[[Path, str, dict[str, Any]], dict[str, Any]]


class Session:
    """Runs jobs. `tell` says what goes on; `start` starts a peer (tests put their own there)."""

    def __init__(
        self, place: Surroundings, start: Start, tell: Callable[[str], None], seed: int
    ) -> None:
        self.place, self.start, self.tell = place, start, tell
        self._shuffled = random.Random(seed)

    def run(self, job: Job, rounds: int) -> Results:
        """Every peer of a job, that many times (less where the job takes minutes)."""
        runs: dict[str, dict[int, Any]] = {peer.name: {} for peer in job.peers}
        for number in range(1, min(rounds, job.rounds_max) + 1):
            for peer in self._order(job.peers):
                if "failed" in runs[peer.name].get(number - 1, {}):
                    continue  # it was told once why
                found = self._one(peer)
                runs[peer.name][number] = found
                self._keep({"job": job.name, "title": job.title, "round": number, **found}, peer)
        return Results(runs)

    def _order(self, peers: Sequence[Peer]) -> list[Peer]:
        return self._shuffled.sample(peers, len(peers))

    def _one(self, peer: Peer) -> dict[str, Any]:
        python = self.place.python(peer.runs_in)
        if isinstance(python, str):
            return {"failed": python}
        with tempfile.TemporaryDirectory(dir=self.place.folder, prefix="run-") as folder:
            options = {**peer.options, "folder": folder}
            if peer.place is not None:
                self._furnish(peer, Path(folder))
            if not peer.needs_postgresql:
                return self.start(python, f"peers.{peer.module}", options)
            with self.place.database() as url:
                return self.start(python, f"peers.{peer.module}", {**options, "url": url})

    def _furnish(self, peer: Peer, folder: Path) -> None:
        """Copy what the peer works on; it is on the disk before anything is timed."""
        assert peer.place is not None
        made = self.place.made(peer.place, self.start)
        for source in sorted(each for each in made.iterdir() if each.is_file()):
            shutil.copy(source, folder / source.name)
            self.place.on_disk(folder / source.name)

    def _keep(self, line: dict[str, Any], peer: Peer) -> None:
        line = {"peer": peer.name, "session": self.place.session, **line}
        with self.place.runs.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")
        said = line.get("failed") or f"{line['seconds']:.4f} s"
        self.tell(f"{line['title']}, round {line['round']}, {peer.name}: {said}")
