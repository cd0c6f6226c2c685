"""What a peer measures of itself: time, processor time and memory of its own process.

Memory is read from Linux's `/proc`: `ru_maxrss` of a fresh process still has the peak of the one
that started it. The mark of the peak is put back when the timing begins, so that the setting up
(password hashes alone take 64 MB) does not count. Where there is no `/proc` the figures of memory
are left out.
"""

from __future__ import annotations

import gc
import time
from pathlib import Path
from typing import Any

_STATUS = Path("/proc/self/status")
_MARKS = Path("/proc/self/clear_refs")
_PEAK_MARK = "5"
_KIB_IN_MB = 1024


def memory_mb(name: str) -> float | None:
    """`VmRSS`, what is held now, or `VmHWM`, the most that ever was, in MB."""
    if not _STATUS.exists():
        return None
    for line in _STATUS.read_text(encoding="ascii").splitlines():
        if line.startswith(f"{name}:"):
            return round(int(line.split()[1]) / _KIB_IN_MB, 1)
    return None


class Stopwatch:
    """Times what stands in its `with` block; rubbish of the setting up is collected before."""

    def __enter__(self) -> Stopwatch:
        gc.collect()
        if _MARKS.exists():
            _MARKS.write_text(_PEAK_MARK, encoding="ascii")
        self._start_mb = memory_mb("VmRSS")
        self._cpu = time.process_time()
        self._wall = time.perf_counter()
        return self

    def __exit__(self, *_fault: object) -> None:
        self.seconds = time.perf_counter() - self._wall
        self.cpu_seconds = time.process_time() - self._cpu

    def figures(self, count: int = 1, unit: str = "") -> dict[str, Any]:
        """The readings; of `count` steps (lines, rows) also those of one."""
        peak = memory_mb("VmHWM")
        found: dict[str, Any] = {
            "seconds": round(self.seconds, 6),
            "cpu_seconds": round(self.cpu_seconds, 6),
            "peak_mb": peak,
        }
        if peak is not None and self._start_mb is not None:
            found["above_start_mb"] = round(peak - self._start_mb, 1)
        if unit:
            found[f"{unit}_per_second"] = round(count / self.seconds, 1)
            found[f"cpu_us_per_{unit}"] = round(1e6 * self.cpu_seconds / count, 2)
        return found
