"""The words that files use for what we know by a key: the English key, then the Chinese ones."""

from __future__ import annotations

from relief.kernel.files.sheets import Cell

RELATIONS = {
    "self": ("本人", "户主"),
    "spouse": ("配偶", "妻子", "丈夫"),
    "child": ("子女", "儿子", "女儿"),
    "parent": ("父母", "父亲", "母亲"),
    "other": ("其他",),
}
GRADES = {
    "deep": ("深度困难",),
    "relative": ("相对困难",),
    "accidental": ("意外致困",),
}
CHANGES = {
    "approve": ("批准",),
    "exit": ("退出",),
    "suspend": ("停发", "暂停"),
    "resume": ("恢复", "恢复发放"),
    "join": ("加入",),
    "leave": ("离开",),
    "grade": ("类别变更", "困难类别"),
    "account": ("账号变更", "账户"),
}
CASH = "cash"


def is_cash(cell: Cell) -> bool:
    """True where the cell says that payment is in cash."""
    return isinstance(cell, str) and cell.strip().casefold() in (CASH, "现金")
