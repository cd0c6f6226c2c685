"""Finds the folders that stand beside the package: `workflows/` and `templates/`.

In order: the office's own (in the data folder), the checkout's, the wheel's (`relief/_bundled/`).
"""

from __future__ import annotations

from pathlib import Path

import relief
from relief.kernel.errors import NotFound, refuse
from relief.kernel.text import _

_PACKAGE = Path(relief.__file__).parent


def shipped_folder(name: str) -> Path:
    """The folder that came with the program."""
    checkout = _PACKAGE.parent / name
    if (_PACKAGE.parent / "pyproject.toml").exists() and checkout.is_dir():
        return checkout
    bundled = _PACKAGE / "_bundled" / name
    if bundled.is_dir():
        return bundled
    raise refuse(
        NotFound,
        "resource.missing",
        _('The program\'s folder "{name}" is missing: install it again.', name=name),
    )


def folders(name: str, data_dir: Path) -> list[Path]:
    """Where to look, the office's own folder first; a file of the same name there wins."""
    own = data_dir / name
    return [own, shipped_folder(name)] if own.is_dir() else [shipped_folder(name)]
