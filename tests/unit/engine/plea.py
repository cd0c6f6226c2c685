"""A plea at the desk of the little office: a workflow with a term of every kind."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from little_office import CLERK, Office, codes, defined

from relief.engine.clocks.deadlines import DEADLINE, deadline_of
from relief.engine.steps import recusal
from relief.kernel.clock import RehearsalClock
from relief.kernel.errors import ReliefError

ZONE = ZoneInfo("Asia/Shanghai")
PLEA = """
key = "plea"
title = { en = "Plea", zh = "诉求" }

[[state]]
id = "received"
title = { en = "Received", zh = "接待" }
deadline = { days = 15, roll = "forward" }

[[state]]
id = "accepted"
title = { en = "Accepted", zh = "受理" }
deadline = { days = 60, roll = "forward", since = "accept" }

[[state]]
id = "hearing"
title = { en = "Hearing", zh = "听证" }
pauses = true

[[state]]
id = "answered"
title = { en = "Answered", zh = "答复" }
final = true

[[action]]
id = "receive"
title = { en = "Receive", zh = "接待" }
opens = true
to = "received"
roles = ["clerk"]

[[action]]
id = "accept"
title = { en = "Accept", zh = "受理" }
from = ["received"]
to = "accepted"
roles = ["clerk", "approver"]

[[action]]
id = "extend"
title = { en = "Extend", zh = "延期" }
from = ["accepted"]
roles = ["approver"]
extends_days = 30
once = true
reason = "required"

[[action]]
id = "hear"
title = { en = "Hold a hearing", zh = "听证" }
from = ["accepted"]
to = "hearing"
roles = ["clerk"]

[[action]]
id = "close_hearing"
title = { en = "Close the hearing", zh = "听证结束" }
from = ["hearing"]
to = "accepted"
roles = ["clerk"]

[[action]]
id = "answer"
title = { en = "Answer", zh = "答复" }
from = ["accepted"]
to = "answered"
roles = ["clerk", "approver"]
not_before = { days = 2, counting = "working", since = "accept" }
optional_fields = ["amount", "persons", "agreed"]

[[action]]
id = "return"
title = { en = "Return", zh = "退回" }
from = ["answered"]
to = "accepted"
roles = ["approver"]
not_after = { days = 10, since = "answer" }

[[action]]
id = "recuse"
title = { en = "Step aside", zh = "回避" }
from = ["received", "accepted", "hearing"]
roles = ["clerk", "approver"]
optional_fields = ["colleague"]
reason = "required"
guards = ["colleague_is_known"]
effects = ["step_aside"]

[[action]]
id = "end_recusal"
title = { en = "End a recusal", zh = "解除回避" }
from = ["received", "accepted", "hearing"]
roles = ["approver"]
fields = ["colleague"]
reason = "required"
guards = ["colleague_is_known"]
effects = ["end_recusal"]

[[field]]
id = "colleague"
title = { en = "Colleague", zh = "同事" }

[[field]]
id = "amount"
title = { en = "Amount", zh = "金额" }
type = "amount"

[[field]]
id = "persons"
title = { en = "Persons", zh = "人数" }
type = "whole"

[[field]]
id = "agreed"
title = { en = "Agreed", zh = "同意" }
type = "yes_no"
"""


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


class Desk:
    """An office with one plea, and a clock that is put forward."""

    def __init__(self, path: Path, toml: str = PLEA) -> None:
        definition = defined(tomllib.loads(toml))
        self.office = Office(path, definition, guards=recusal.GUARDS, effects=recusal.EFFECTS)
        self.clock = RehearsalClock(at("2005-06-01T09:00"), ZONE)
        self.office.clock = self.clock
        self.case = self.office.begin("receive", kind="plea")

    def on(self, instant: str) -> None:
        self.clock.put_forward(at(instant))

    def do(self, action: str, actor: Any = CLERK, **options: Any) -> Any:
        return self.office.advance(self.case, action, actor, kind="plea", **options)

    def refused(self, action: str, actor: Any = CLERK, **options: Any) -> list[str]:
        """Every reason against a step that leaves no trace."""
        before = [*self.office.everything(), self.office.rows(DEADLINE)]
        with pytest.raises(ReliefError) as raised:
            self.do(action, actor, **options)
        assert [*self.office.everything(), self.office.rows(DEADLINE)] == before
        return codes(raised.value.problems)

    def due_on(self) -> dt.date | None:
        """The stored deadline, which is that of the journal."""
        rows = self.office.rows(DEADLINE)
        with self.office.work(writes=False) as work:
            runs = deadline_of(work, "plea", self.case)
        if runs is None:
            assert rows == []
            return None
        (row,) = rows
        assert (row["due_on"], row["due_at"]) == (runs.due_on, runs.due_at)
        return runs.due_on

    def accepted(self, on: str = "2005-06-01T10:00") -> None:
        self.on(on)
        self.do("accept")
