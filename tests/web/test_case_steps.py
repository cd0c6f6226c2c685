"""Every step of a case by its form: drawn from the workflow, taken once, refused with all that is
wrong, kept while it is typed; overtaken by somebody else it loses nothing."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from html import unescape

import pytest
import sqlalchemy as sa

from relief.accounts.absences import AbsenceForm, record_absence
from relief.accounts.queries import USER
from relief.accounts.service import add_user
from relief.engine.actors import Actor
from relief.engine.definitions.definition import Action, Definition
from relief.petitions.rules import JOB_REFERRAL, PETITION, SHIPPED
from tests.matters import do, entries, opened, row, state, walk
from tests.office import AN, CHEN, PASSWORD, PING, Office
from tests.papers import JPEG, attached
from tests.web.conftest import Visitor, text_of
from tests.web.hostile import assaults, faults_of, send
from tests.web.markup import Form, Page

Visit = Callable[..., Visitor]
LAN = Actor("lan", frozenset({"clerk"}))
STAFF = {"chen": CHEN, "ping": PING, "lan": LAN}
DAY = "2005-06-28"
# What is meant by a field whatever its type.
_MEANT = {"case_worker": "ping", "colleague": "lan", "readers": "ping", "phone": "13800000000",
          "petitioner_name": "吴试甲"}  # fmt: skip
_OF_TYPE = {"date": DAY, "amount": "1200.50", "whole": "3", "number": "3", "yes_no": "yes"}
# Fields that are only said together with others.
_LEFT_OUT = frozenset({"id_number", "household_no"})


@pytest.fixture
def office(sqlite_office: Office) -> Office:
    """The office on a working day, with a clerk more: three people for three hands."""
    sqlite_office.at(f"{DAY}T09:00")
    with sqlite_office.relief.work() as work:
        add_user(work, AN, "lan", ("clerk",), PASSWORD)
        work.connection.execute(sa.update(USER).values(password_is_lent=False))
        work.commit()
    return sqlite_office


def form_at(visitor: Visitor, path: str) -> Form:
    """The form of a step as its page shows it."""
    answer = visitor.get(path)
    assert answer.status_code == 200, text_of(answer)
    return step_form(answer.text, path)


def step_form(text: str, path: str) -> Form:
    """The same on a page that was answered already."""
    page = Page(text)
    assert page.faults == []
    [form] = [each for each in page.forms if each.action == path and each.method == "post"]
    return form


def values_of(form: Form, **typed: str) -> dict[str, str]:
    """A form as it stands, with something typed into it."""
    standing = {name: field.value for name, field in form.fields.items() if name != "csrf_token"}
    return standing | typed


def filled(definition: Definition, action: Action, other: str) -> dict[str, str]:
    """What somebody might type for a step."""
    typed = {}
    for name in (*action.fields, *action.optional_fields):
        field = definition.field_by_id[name]
        options = [option.id for option in field.options]
        typed[name] = _MEANT.get(name) or next(iter(options), _OF_TYPE.get(field.type, "试填"))
    typed = {name: value for name, value in typed.items() if name not in _LEFT_OUT}
    if "colleague" in action.optional_fields:
        del typed["colleague"]  # who has an interest says so alone
    if "merge_into" in typed:
        typed["merge_into"] = other
    if action.reason == "required":
        typed["reason"] = "理由"
    return typed


def way_to(definition: Definition, target: str) -> list[Action]:
    """The shortest way from where a case begins to a state."""
    [begins] = {action.to for action in definition.actions if action.opens}
    waiting: deque[tuple[str, list[Action]]] = deque([(begins, [])])
    seen = {begins}
    while waiting:
        at, way = waiting.popleft()
        if at == target:
            return way
        for action in definition.actions_from(at):
            comes_after_a_review = "was_reviewed" in action.guards and at != "reviewed"
            if action.to and action.to not in seen and not comes_after_a_review:
                seen.add(action.to)
                waiting.append((action.to, [*way, action]))
    raise AssertionError(f"nothing leads to {target}")


def hands(action: Action, taken: Mapping[str, str]) -> list[str]:
    """Who may take a step, as far as roles and hands kept apart go."""
    apart = {taken[each] for each in action.not_by_actor_of if each in taken}
    return [name for name, who in STAFF.items()
            if who.roles & set(action.roles) and name not in apart]  # fmt: skip


def arrive(office: Office, kind: str, action: Action) -> tuple[str, str, str]:
    """A case where a step starts, who takes it, and another case of the kind."""
    definition = office.relief.workflows.definitions[kind]
    restricted = action.id == "name_readers"
    other = opened(office, kind, name="吴试甲")
    reference = opened(office, kind, name="吴试甲", urgent=True, restricted=restricted)
    taken: dict[str, str] = {}
    for step in way_to(definition, action.sources[0]):
        taken[step.id] = hands(step, taken)[0]
        by = STAFF[taken[step.id]]
        typed = filled(definition, step, other)
        reason = typed.pop("reason", "")
        do(office, reference, step.id, by, typed, reason=reason)
    if action.id == "end_recusal":
        do(office, reference, "recuse", LAN, reason="亲属")
    return reference, hands(action, taken)[0], other


def own_steps(office: Office, kind: str) -> Iterator[Action]:
    """The steps of a kind that people take on its page, each name once."""
    workflows = office.relief.workflows
    seen = {"detach"}  # stands with the papers
    for action in workflows.definitions[kind].actions:
        if action.id not in seen and not workflows.only_follows(action):
            seen.add(action.id)
            yield action


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(kind, marks=() if kind == JOB_REFERRAL else pytest.mark.slow)
        for kind in SHIPPED
    ],
)
def test_every_step_of_every_kind_is_drawn_refused_and_taken(
    office: Office, visit: Visit, kind: str
) -> None:
    definition = office.relief.workflows.definitions[kind]
    visitors = {name: visit(name) for name in STAFF}
    steps = list(own_steps(office, kind))
    assert len(steps) > 12
    for action in steps:
        reference, who, other = arrive(office, kind, action)
        visitor, path = visitors[who], f"/cases/{reference}/do/{action.id}"
        assert f'href="{path}"' in visitor.get(f"/cases/{reference}").text, action.id
        form = form_at(visitor, path)
        assert {*action.fields, *action.optional_fields} <= form.fields.keys(), action.id
        assert ("reason" in form.fields) == (action.reason != "none"), action.id
        _refused_when_blank(visitor, path, action, form)
        form = form_at(visitor, path)
        before = len(entries(office, reference, STAFF[who]))
        answer = visitor.post(path, **values_of(form, **filled(definition, action, other)))
        assert answer.status_code == 303, (action.id, text_of(answer))
        taken = entries(office, reference, STAFF[who])
        assert (len(taken), taken[-1].action) == (before + 1, action.id)
        assert taken[-1].to_state == (action.to or taken[-1].from_state), action.id


def _refused_when_blank(visitor: Visitor, path: str, action: Action, form: Form) -> None:
    """Everything that is missing is told at once, each with a link to its field."""
    wanted = {*action.fields, *({"reason"} if action.reason == "required" else ())}
    if not wanted:
        return
    blank = values_of(form, **dict.fromkeys(wanted, ""))
    answer = visitor.post(path, **blank)
    assert answer.status_code in {409, 422}, action.id
    linked = set(re.findall(r'<a href="#f-(\w+)">', answer.text))
    assert wanted <= linked, (action.id, wanted - linked)


def test_a_step_is_taken_once_however_often_it_is_sent(office: Office, visit: Visit) -> None:
    reference = opened(office)
    path = f"/cases/{reference}/do/accept"
    chen = visit("chen")
    sent = values_of(form_at(chen, path), matter_class="appeal")
    first, second = chen.post(path, **sent), chen.post(path, **sent)
    assert (first.status_code, second.status_code) == (303, 303)
    assert "This was done already" in text_of(chen.get(second.headers["Location"]))
    assert [entry.action for entry in entries(office, reference)] == ["receive", "accept"]


def test_who_was_overtaken_in_the_same_step_is_told_by_whom_and_not_to_send_again(
    office: Office, visit: Visit
) -> None:
    reference = opened(office)
    path, chen = f"/cases/{reference}/do/accept", visit("chen")
    sent = values_of(form_at(chen, path), matter_class="appeal")
    do(office, reference, "accept", PING, {"matter_class": "appeal"})
    said = text_of(chen.post(path, **sent))
    assert '"Accept" was done already: 2005-06-28 09:00, by ping.' in said
    assert "<time" not in said
    assert "What you typed is not sent" in said
    assert "then send it again" not in said
    back = text_of(visit("ping").get(path))  # the button that leads back
    assert '"Accept" was done already' in back
    assert "What you typed" not in back


def test_what_follows_is_not_announced_of_a_step_that_is_not_open(
    office: Office, visit: Visit
) -> None:
    reference = opened(office)
    do(office, reference, "accept", CHEN, {"matter_class": "appeal"})
    path, ping = f"/cases/{reference}/do/extend", visit("ping")
    assert "The deadline moves from" in text_of(ping.get(path))
    notice = {"notice_on": office.relief.clock.today().isoformat()}
    do(office, reference, "extend", PING, notice, reason="情况复杂")
    assert "The deadline moves from" not in text_of(ping.get(path))


def test_a_refused_form_comes_back_with_a_new_key_and_is_taken_by_it(
    office: Office, visit: Visit
) -> None:
    reference = opened(office)
    path, chen = f"/cases/{reference}/do/accept", visit("chen")
    sent = values_of(form_at(chen, path))
    refused = chen.post(path, **sent)
    assert refused.status_code == 409
    again = values_of(step_form(refused.text, path), matter_class="appeal")
    assert again["once"] != sent["once"]
    assert chen.post(path, **again).status_code == 303


def test_of_two_approvers_at_once_one_is_told_and_loses_no_text(
    office: Office, visit: Visit
) -> None:
    reference = opened(office)
    walk(office, reference, "accept")
    path = f"/cases/{reference}/do/handle"
    ping, lan = visit("ping"), visit("lan")
    mine, theirs = form_at(ping, path), form_at(lan, path)
    words = {"opinion": "补发三个月工资", "legal_basis": "劳动法第五十条", "outcome": "support"}
    assert ping.post(path, **values_of(mine, **words)).status_code == 303
    other = {"opinion": "另一种意见\n第二行", "legal_basis": "工资支付规定", "outcome": "explain"}
    answer = lan.post(path, **values_of(theirs, **other))
    assert answer.status_code == 409
    page = text_of(answer)
    assert "This case has gone on since you began to type" in page
    assert "补发三个月工资" in page  # what happened since
    assert "ping" in page
    kept = step_form(answer.text, path)
    assert {name: kept.fields[name].value for name in other} == other
    again = form_at(lan, path)  # also when the page is opened anew, tomorrow
    assert {name: again.fields[name].value for name in other} == other
    assert len(entries(office, reference)) == 3


def test_what_was_overtaken_can_be_sent_on_after_looking(office: Office, visit: Visit) -> None:
    reference = opened(office)
    path = f"/cases/{reference}/do/accept"
    chen = visit("chen")
    form = form_at(chen, path)
    do(office, reference, "note", PING, {"note": "先看看"})
    answer = chen.post(path, **values_of(form, matter_class="appeal"))
    assert answer.status_code == 409
    assert "先看看" in text_of(answer)
    looked_at = step_form(answer.text, path)
    assert chen.post(path, **values_of(looked_at)).status_code == 303
    assert state(office, reference) == "accepted"


def test_what_is_typed_is_kept_for_its_owner_until_it_is_sent_or_thrown_away(
    office: Office, visit: Visit
) -> None:
    reference = opened(office)
    do_path, draft_path = f"/cases/{reference}/do/note", f"/cases/{reference}/draft/note"
    chen = visit("chen")
    sent = values_of(form_at(chen, do_path), note="写到一半")
    assert chen.post(draft_path, **sent).status_code == 303
    again = form_at(chen, do_path)
    assert again.fields["note"].value == "写到一半"
    assert form_at(visit("ping"), do_path).fields["note"].value == ""
    assert chen.post(draft_path, throw_away="yes").status_code == 303
    assert form_at(chen, do_path).fields["note"].value == ""
    chen.post(draft_path, **sent)
    assert chen.post(do_path, **sent).status_code == 303
    assert form_at(chen, do_path).fields["note"].value == ""
    assert [entry.fields for entry in entries(office, reference)][1:] == [{"note": "写到一半"}]


def test_a_step_that_happened_before_says_when(office: Office, visit: Visit) -> None:
    reference = opened(office, on="2005-06-24")
    path = f"/cases/{reference}/do/accept"
    chen = visit("chen")
    typed = {"matter_class": "appeal", "on": "2005-06-27", "at": "10:15"}
    assert chen.post(path, **values_of(form_at(chen, path), **typed)).status_code == 303
    happened = entries(office, reference)[-1].happened_at
    zone = office.relief.settings.zone
    assert f"{happened.astimezone(zone):%Y-%m-%d %H:%M}" == "2005-06-27 10:15"
    assert "entered late" in text_of(chen.get(f"/cases/{reference}"))
    future = {"note": "x", "on": "2005-07-01"}
    note = f"/cases/{reference}/do/note"
    answer = chen.post(note, **values_of(form_at(chen, note), **future))
    assert answer.status_code == 422
    assert 'href="#f-on"' in answer.text


def test_who_did_a_step_that_excludes_them_sees_why_and_who_could(
    office: Office, visit: Visit
) -> None:
    reference = opened(office, "relief")
    walk(office, reference, "accept")
    for path in (f"/cases/{reference}", f"/cases/{reference}/do/handle"):
        page = text_of(visit("chen").get(path))
        assert '"Accept" is the work of chen; "Decide" is for another person' in page, path
        assert "Decide" in page
        assert "It can be done by: ping" in page
    assert f'href="/cases/{reference}/do/handle"' not in visit("chen").get(
        f"/cases/{reference}"
    ).text  # fmt: skip
    answer = visit("chen").post(f"/cases/{reference}/do/handle", once="0" * 32, version="2",
                                decision="refused", opinion="x", reason="x")  # fmt: skip
    assert answer.status_code == 403


def test_steps_that_only_follow_by_themselves_are_not_offered(office: Office, visit: Visit) -> None:
    reference = opened(office)
    page = visit("chen").get(f"/cases/{reference}")
    assert "/do/take_in" not in page.text
    assert "/do/add_contact" not in page.text
    assert f'href="/desk?to={reference}"' in page.text
    desk = Page(visit("chen").get(f"/desk?to={reference}").text)
    [entry] = [form for form in desk.forms if form.action == "/desk"]
    assert (entry.fields["outcome"].value, entry.fields["to"].value) == ("to", reference)


def test_a_deputy_takes_a_step_with_both_names(office: Office, visit: Visit) -> None:
    with office.relief.work() as work:
        record_absence(work, PING, AbsenceForm("ping", work.today, work.today, "fang"))
        work.commit()
    reference = opened(office, "relief")
    walk(office, reference, "accept")
    fang, path = visit("fang"), f"/cases/{reference}/do/handle"
    assert f'href="{path}"' in fang.get(f"/cases/{reference}").text
    form = form_at(fang, path)
    assert form.fields["acting_for"].options == ["ping"]
    typed = {"decision": "refused", "opinion": "不符合条件", "reason": "收入高于标准"}
    assert fang.post(path, **values_of(form, **typed)).status_code == 303
    last = entries(office, reference)[-1]
    assert (last.actor, last.on_behalf_of) == ("fang", "ping")


def test_page_of_what_was_refused_leads_on_to_telling_it(office: Office, visit: Visit) -> None:
    reference = opened(office, "relief")
    walk(office, reference, "accept")
    no = {"decision": "refused", "opinion": "不符合条件"}
    do(office, reference, "handle", PING, no, reason="收入高于标准")
    page = visit("chen").get(f"/cases/{reference}")
    lead = re.search(r'class="lead-step">(.*?)</p>', page.text, re.DOTALL)
    assert lead
    assert "Tell the refusal" in lead[1]
    form = form_at(visit("chen"), f"/cases/{reference}/do/feedback")
    said = {"satisfaction": "partly", "answered_on": DAY, "answered_by": "in_person"}
    sent = values_of(form, **said)
    assert visit("chen").post(f"/cases/{reference}/do/feedback", **sent).status_code == 303
    text = text_of(visit("chen").get(f"/cases/{reference}"))
    assert "Given not reached" in text
    assert "Tell the refusal" in text


def test_refusing_relief_asks_for_the_reason_at_its_field(office: Office, visit: Visit) -> None:
    reference = opened(office, "relief")
    walk(office, reference, "accept")
    ping, path = visit("ping"), f"/cases/{reference}/do/handle"
    form = form_at(ping, path)
    answer = ping.post(path, **values_of(form, decision="refused", opinion="不符合条件"))
    assert answer.status_code == 409
    assert "nothing is granted: give the reason" in text_of(answer)
    assert 'href="#f-reason"' in answer.text


def test_no_step_says_by_itself_that_a_notice_was_given(office: Office, visit: Visit) -> None:
    reference, chen = opened(office), visit("chen")
    pages = [chen.get(f"/cases/{reference}/do/{each}") for each in ("decline", "refer", "accept")]
    walk(office, reference, "accept")
    pages.append(visit("ping").get(f"/cases/{reference}/do/extend"))
    for page in pages:
        assert re.search(r'<input[^>]*name="notice_on"[^>]*value=""', page.text)
        assert f'data-fill="f-notice_on" value="{DAY}"' in page.text  # today is one click away


def test_papers_that_are_not_attached_are_told_before_a_step_is_decided_by_them(
    office: Office, visit: Visit
) -> None:
    reference, chen = opened(office, "relief"), visit("chen")
    do(office, reference, "await_papers", CHEN, {"papers_missing": "户口簿、收入证明、病历和其他"})

    def told(step: str) -> str:
        text = text_of(chen.get(f"/cases/{reference}/do/{step}"))
        found = re.search(r"Not attached yet: ([^.]*)\.", text)
        return found[1] if found else ""

    every = ["application", "identity card", "residence booklet", "proof of income",
             "medical record or bill"]  # fmt: skip
    assert told("papers_arrived") == ", ".join(every)
    assert told("withdraw") == ""
    attached(office, reference, "户口簿.jpg", JPEG, kind="residence_booklet")
    do(office, reference, "papers_arrived", CHEN)
    every.remove("residence booklet")
    assert told("accept") == ", ".join(every)
    assert walk(office, reference, "accept") == "accepted"  # seen on paper, they are enough
    petition = opened(office)
    assert "Not attached yet: identity card." in text_of(chen.get(f"/cases/{petition}/do/accept"))


def test_review_that_was_asked_for_in_time_is_entered_late_with_its_day(
    office: Office, visit: Visit
) -> None:
    reference = opened(office)
    walk(office, reference, "accept", "handle")
    office.at("2005-08-05T09:00")
    chen, path = visit("chen"), f"/cases/{reference}/do/request_review"
    assert f'href="{path}"' in chen.get(f"/cases/{reference}").text
    page = chen.get(path)
    assert "If it happened in time, say below on which day" in text_of(page)
    assert re.search(r'<details class="more" open>', page.text)
    form = form_at(chen, path)
    late = chen.post(path, **values_of(form))
    assert late.status_code == 409
    assert "could be done up to 2005-07-28" in text_of(late)
    form = step_form(late.text, path)
    assert chen.post(path, **values_of(form, on="2005-07-29")).status_code == 409
    assert chen.post(path, **values_of(form, on="2005-07-20")).status_code == 303
    last = entries(office, reference)[-1]
    assert (last.to_state, last.happened_at.date().isoformat()) == ("review", "2005-07-20")


def test_form_of_a_step_that_somebody_may_not_take_stays_closed_when_it_is_late(
    office: Office, visit: Visit
) -> None:
    reference = opened(office)
    walk(office, reference, "accept", "handle")
    office.at("2005-08-05T09:00")
    page = visit("fang").get(f"/cases/{reference}/do/request_review")
    assert 'name="on"' not in page.text


def test_who_may_be_meant_is_chosen_and_not_typed_blind(office: Office, visit: Visit) -> None:
    chen = visit("chen")
    reference = opened(office, restricted=True)
    workers = form_at(chen, f"/cases/{reference}/do/assign").fields["case_worker"]
    assert workers.options == ["", "chen"]  # nobody else may see it
    path = f"/cases/{reference}/do/name_readers"
    readers = form_at(chen, path).fields["readers"]
    assert {"ping", "lan", "fang"} <= set(readers.options)
    sent = values_of(form_at(chen, path), readers=["ping", "lan"])  # type: ignore[arg-type]
    assert chen.post(path, **sent).status_code == 303
    assert "lan, ping" in text_of(visit("ping").get(f"/cases/{reference}"))
    assert visit("fang").get(f"/cases/{reference}").status_code == 404


def test_that_a_colleague_stands_aside_is_for_approvers_to_choose(
    office: Office, visit: Visit
) -> None:
    path = f"/cases/{opened(office)}/do/recuse"
    assert form_at(visit("chen"), path).fields["colleague"].options == [""]
    assert {"", "chen", "lan"} <= set(form_at(visit("ping"), path).fields["colleague"].options)


def test_likely_same_matters_are_offered_to_be_merged_into(office: Office, visit: Visit) -> None:
    other = opened(office, matter="工资还没有发")
    hidden = opened(office, actor=LAN, restricted=True)
    elsewhere = opened(office, "relief")
    reference = opened(office)
    page = visit("chen").get(f"/cases/{reference}/do/merge")
    offered = re.findall(r'<option value="([PR][-0-9]+)">', page.text)
    assert offered == [other]
    assert "工资还没有发" in text_of(page)
    assert hidden not in page.text
    assert elsewhere not in page.text


def test_the_form_says_what_the_step_will_mean(office: Office, visit: Visit) -> None:
    reference = opened(office)
    chen = visit("chen")
    page = text_of(chen.get(f"/cases/{reference}/do/accept"))
    assert "It goes on to: Accepted. What comes next is due on 2005-08-29." in page
    page = text_of(chen.get(f"/cases/{reference}/do/decline"))
    assert "It ends as: Not accepted. No deadline runs then." in page
    walk(office, reference, "accept")
    page = text_of(visit("ping").get(f"/cases/{reference}/do/extend"))
    assert "The deadline moves from 2005-08-29 to 2005-09-26." in page
    assert "It stays where it is: Accepted." in page


def test_the_note_on_the_page_is_kept_whatever_else_happened(office: Office, visit: Visit) -> None:
    reference = opened(office)
    chen = visit("chen")
    path = f"/cases/{reference}/do/note"
    form = step_form(chen.get(f"/cases/{reference}").text, path)
    do(office, reference, "accept", PING, {"matter_class": "appeal"})
    assert chen.post(path, **values_of(form, note="电话约了周五")).status_code == 303
    assert entries(office, reference)[-1].fields == {"note": "电话约了周五"}
    form = step_form(chen.get(f"/cases/{reference}").text, path)
    assert chen.post(path, **values_of(form, note="")).status_code == 409


def test_a_note_that_was_begun_on_the_page_is_found_again_in_its_form(
    office: Office, visit: Visit
) -> None:
    reference = opened(office)
    chen = visit("chen")
    form = step_form(chen.get(f"/cases/{reference}").text, f"/cases/{reference}/do/note")
    chen.post(f"/cases/{reference}/draft/note", **values_of(form, note="写到一半"))
    page = chen.get(f"/cases/{reference}/do/note")
    assert "写到一半" in page.text
    assert "has gone on" not in text_of(page)


@pytest.mark.parametrize("way", ["", "/do/accept", "/do/note", "/at/1"])
def test_a_hidden_matter_is_answered_as_a_number_that_nobody_has(
    office: Office, visit: Visit, way: str
) -> None:
    hidden = opened(office, restricted=True)
    unknown = hidden[:-4] + "9999"
    number = re.compile(r"answer: [0-9a-f]{8}|value=\"[^\"]*\"")
    told = []
    for reference in (hidden, unknown):
        answer = visit("ping").get(f"/cases/{reference}{way}")
        assert answer.status_code == 404
        told.append(number.sub("", unescape(answer.text)).replace(reference, "REF"))
    assert told[0] == told[1]
    if way.startswith("/do"):
        ping = visit("ping")
        for reference in (hidden, unknown):
            answer = ping.post(f"/cases/{reference}{way}", once="0" * 32, note="x", version="1")
            assert answer.status_code == 404
        assert len(entries(office, hidden)) == 1


def test_who_stands_aside_of_a_restricted_matter_is_led_to_the_list(
    office: Office, visit: Visit
) -> None:
    reference = opened(office, restricted=True)
    do(office, reference, "name_readers", CHEN, {"readers": "ping"})
    chen, path = visit("chen"), f"/cases/{reference}/do/recuse"
    answer = chen.post(path, **values_of(form_at(chen, path), reason="亲属"))
    assert answer.headers["Location"] == "/cases"
    assert row(office, reference, PING)["restricted"]


def test_a_step_that_no_workflow_knows_is_not_there(office: Office, visit: Visit) -> None:
    reference = opened(office)
    chen = visit("chen")
    assert chen.get(f"/cases/{reference}/do/none-such").status_code == 404
    assert chen.post(f"/cases/{reference}/do/none-such", once="0" * 32).status_code == 404
    page = chen.get(f"/cases/{reference}/do/feedback")  # not from here: told, and nothing is lost
    assert page.status_code == 200
    assert '"Give feedback" does not start here: it is Received.' in text_of(page)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [PETITION, JOB_REFERRAL])
def test_no_form_of_a_step_breaks_by_what_is_typed(office: Office, visit: Visit, kind: str) -> None:
    visitors = {name: visit(name) for name in STAFF}
    sent, found = 0, []
    for place, action in enumerate(own_steps(office, kind)):
        reference, who, _other = arrive(office, kind, action)
        visitor, path = visitors[who], f"/cases/{reference}/do/{action.id}"
        form = form_at(visitor, path)
        for number, (what, fields) in enumerate(assaults(form, one_in=11)):
            if number % 3 == place % 3:  # another third of them for each step
                sent += 1
                answer = send(visitor, path, fields)
                faults = faults_of(answer, sum(map(len, fields.values())))
                found += [f"{path}, {what}: {fault}" for fault in faults]
        for address in (path, f"/cases/{reference}", f"/cases/{reference}/at/1"):
            found += [f"{address}: {fault}" for fault in faults_of(visitor.get(address))]
    assert not found, "\n".join(found[:40])
    assert sent > 200


def test_summary_of_faults_says_of_which_field_each_is(office: Office, visit: Visit) -> None:
    case, chen = opened(office, id_number="", name=""), visit("chen")
    path = f"/cases/{case}/do/identify"
    chen.get(path)
    for name, wrong, title in (
        ("id_number", "331002195406274938", "Identity number"),
        ("on", "tomorrow", "Day"),
    ):
        answer = chen.post(path, **{name: wrong, "once": "0" * 32, "version": "1"})
        assert f'<li><a href="#f-{name}">{title}: ' in answer.text


def test_fault_that_names_its_field_is_not_told_under_the_same_name(
    office: Office, visit: Visit
) -> None:
    case, ping = opened(office), visit("ping")
    walk(office, case, "accept")
    path = f"/cases/{case}/do/extend"
    ping.get(path)
    answer = ping.post(path, notice_on="soon", reason="鉴定", once="0" * 32)
    assert "Day of the written notice: write the day as 2005-06-30." in text_of(answer)
    assert "notice: Day of" not in text_of(answer)
