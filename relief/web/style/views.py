"""The style page."""

from __future__ import annotations

import datetime as dt

from flask import render_template
from flask.typing import ResponseReturnValue

from relief.engine.definitions.definition import Action, Definition, State
from relief.engine.definitions.picture.layout import picture_of
from relief.engine.definitions.picture.ways import START, ways_of
from relief.kernel.errors import Problem
from relief.kernel.text import _
from relief.web.access import PUBLIC, Pages
from relief.web.forms import Filled
from relief.web.language import say

pages = Pages("style", __name__)
_MOMENT = dt.datetime(2005, 6, 28, 1, 30, tzinfo=dt.UTC)
_WORKFLOW = Definition(
    "style",
    {"en": "A workflow", "zh": "流程"},
    states=(
        State("new", {"en": "Received", "zh": "接待"}),
        State("waits", {"en": "Waiting for papers", "zh": "待补材料"}, pauses=True),
        State("handled", {"en": "Handled", "zh": "处理"}),
        State("refused", {"en": "Not accepted", "zh": "不予受理"}, final=True),
        State("done", {"en": "Feedback given", "zh": "反馈"}, final=True),
    ),
    actions=(
        Action("come", {"en": "Receive", "zh": "接待"}, (), to="new", opens=True),
        Action("handle", {"en": "Handle", "zh": "处理"}, (), ("new",), "handled"),
        Action("answer", {"en": "Give feedback", "zh": "反馈"}, (), ("handled",), "done"),
        Action("return", {"en": "Return", "zh": "退回"}, (), ("handled",), "new"),
        Action("ask", {"en": "Ask for papers", "zh": "请补材料"}, (), ("new",), "waits"),
        Action("bring", {"en": "Papers came", "zh": "材料补齐"}, (), ("waits",), "new"),
        Action(
            "refuse", {"en": "Do not accept", "zh": "不予受理"}, (), ("new", "waits"), "refused"
        ),
    ),
)
_LINE = ("new", "handled", "done")
_WALKED = (("come", START, "new"), ("handle", "new", "handled"))


@pages.page("/style", PUBLIC)
def style() -> ResponseReturnValue:
    """Every macro in every state."""
    faulty = Filled(
        {"name": "王小明", "phone": "1380"},
        (
            Problem("x", _("Write what it was about."), "matter"),
            Problem("x", _("Choose one of {known}.", known=[_("visit")]), "channel"),
            Problem("x", _("There is no such case.")),
        ),
    )
    return render_template(
        "style/style.html",
        clean=Filled({"name": "王小明", "channel": "visit", "grade": "deep", "urgent": "yes"}),
        faulty=faulty,
        today=dt.date(2005, 6, 28),
        moment=_MOMENT,
        workflow=picture_of(
            ways_of(_WORKFLOW, _LINE),
            say,
            {"new": ["2005-06-01"], "handled": ["2005-06-20"]},
        ),
        walked=_WALKED,
    )
