"""A kind of case of an office's own, put into its data folder: the shipped example, or bent."""

from __future__ import annotations

from pathlib import Path

from relief.bootstrap import Relief
from relief.kernel.resources import shipped_folder
from relief.procedures.watching import Watch

KIND = "education_aid"
# What the file says otherwise where a clerk decides, and no money is granted.
GRANTS_NOTHING = (
    ('roles = ["approver"] # it grants money', 'roles = ["clerk", "approver"]'),
    ('guards = ["grant_is_whole"]\n', ""),
    ('optional_fields = ["granted_amount", "fund_source"]\n', ""),
)
_EXAMPLE = shipped_folder("workflows") / "examples" / f"{KIND}.toml"


def put(data_dir: Path, *changes: tuple[str, str], name: str = KIND) -> Path:
    """Write the file of the kind, with something else in it; another name is another key."""
    text = _EXAMPLE.read_text(encoding="utf-8")
    for there, instead in ((f'key = "{KIND}"', f'key = "{name}"'), *changes):
        assert there in text, there
        text = text.replace(there, instead)
    folder = data_dir / "workflows"
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def looks_always(relief: Relief) -> None:
    """Let the running program look at its folder whenever it is asked, not once a second."""
    relief.watch = Watch(relief.settings.data_dir / "workflows", every_seconds=0)
