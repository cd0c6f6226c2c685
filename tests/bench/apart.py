"""Starting a peer in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_REASON_LENGTH_MAX = 200


def run_apart(python: Path, module: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Run a module of tests.bench and give what it printed last; or `failed`, with the reason."""
    command = [str(python), "-m", f"tests.bench.{module}", json.dumps(options)]
    done = subprocess.run(
        command, cwd=ROOT, env=_surroundings(), capture_output=True, text=True, check=False
    )
    lines = (done.stdout if done.returncode == 0 else done.stderr).strip().splitlines()
    last = lines[-1] if lines else f"ended with {done.returncode}"
    return dict(json.loads(last)) if done.returncode == 0 else {"failed": last[:_REASON_LENGTH_MAX]}


def _surroundings() -> dict[str, str]:
    """Our modules, and no setting of this machine's own office."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RELIEF_")}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"}
