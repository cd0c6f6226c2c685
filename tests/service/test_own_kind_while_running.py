"""A kind of an office's own while the program runs: its file comes, changes and goes."""

from __future__ import annotations

import datetime as dt
import sqlite3
from typing import NoReturn

import pytest
import sqlalchemy as sa

from relief import bootstrap
from relief.bootstrap import open_relief
from relief.desk.service import read_form
from relief.engine.cases import find_case
from relief.engine.clocks.running import reckoned_deadline
from relief.engine.journal.passages import passages_of
from relief.engine.steps.advance import begin
from relief.engine.steps.standing import available_of_many
from relief.finding.search import find
from relief.flows.waiting import waiting_for
from relief.kernel.clock import SystemClock
from relief.kernel.errors import Conflict, Invalid, NotFound, TransitionRefused
from relief.kernel.unit_of_work import DEPLOYMENT
from relief.petitions.day.pack import reserve_numbers
from relief.petitions.lists.pages import CasesSought, cases_page
from relief.petitions.one_case.bringing import Wanted, what_to_bring
from relief.petitions.one_case.reading import view_case
from relief.petitions.queries import kinds_of_cases, kinds_to_open
from relief.petitions.service import add_to_case, open_from_contact
from relief.procedures import watching
from relief.procedures.building import build_workflows, with_retired
from relief.procedures.watching import files_in
from relief.public.service import tell
from relief.reports.half_year import half_year_report
from relief.reports.periods import HalfYear
from relief.scheduler.runner import tick
from tests.legible import legible
from tests.letters import issued, page
from tests.matters import added, answered, do, opened, state, walk
from tests.office import CHEN, PING, Office
from tests.own_kind import KIND, looks_always, put

pytestmark = pytest.mark.postgresql_slow

H1 = HalfYear(2005, 1)


@pytest.fixture
def june(office: Office) -> Office:
    office.at("2005-06-15T09:00")
    looks_always(office.relief)
    return office


@pytest.fixture
def aiding(june: Office) -> Office:
    """An office that runs, and then has a kind of its own."""
    put(june.relief.settings.data_dir)
    june.relief.take_changed_files()
    return june


def away_with_the_file(office: Office) -> None:
    (office.relief.settings.data_dir / "workflows" / f"{KIND}.toml").unlink()
    office.relief.take_changed_files()


def told(office: Office) -> list[tuple[str, str]]:
    return [(fault.sheet, fault.code) for fault in office.relief.workflow_faults]


def test_kind_is_there_with_the_next_unit_of_work_and_whole(june: Office) -> None:
    put(june.relief.settings.data_dir)
    with june.relief.reading() as before:
        june.relief.take_changed_files()
        assert KIND not in kinds_of_cases(before)  # who has begun goes on with what there was
        with june.relief.reading() as after:
            assert kinds_to_open(after)[KIND] == {"en": "Education aid", "zh": "助学救助"}
            sha256 = after.workflows.definitions[KIND].sha256
    with june.relief.reading() as work:
        published = work.connection.exec_driver_sql("SELECT sha256 FROM workflow_definition")
        assert sha256 in published.scalars().all()
    assert june.relief.workflow_faults == ()


def test_case_of_it_goes_the_five_steps_and_is_found_waited_for_and_counted(aiding: Office) -> None:
    case = opened(aiding, KIND)
    assert case == "E2005-0001"
    do(aiding, case, "ask_school", CHEN, {"school": "试用中学"})
    do(aiding, case, "school_confirms", CHEN, {"school_says": "在读"})
    with aiding.relief.reading() as work:
        (waits,) = (each for each in waiting_for(work, [CHEN]) if each.kind == KIND)
        assert (waits.state, waits.count) == ("received", 1)
    added(aiding, case, chase_up=True)
    assert walk(aiding, case, "accept", "handle", "implement", "feedback") == "feedback"
    with aiding.relief.reading() as work:
        assert [hit.reference for hit in find(work, CHEN, case).hits[0].cases] == [case]
        (listed,) = cases_page(work, PING, CasesSought(kind=KIND)).rows
        assert (listed.reference, listed.kind) == (case, KIND)
        report = half_year_report(work, H1)
    accepted, granted = report.figure(f"accepted_{KIND}"), report.figure("relief_granted")
    assert (accepted.value, legible(accepted.title)) == (1, "Accepted: Education aid")
    assert [row.reference for row in granted.rows] == [case]


def test_term_in_hours_has_run_within_its_day_for_everybody_who_says_so(june: Office) -> None:
    in_days = 'days = 30, counting = "calendar", roll = "forward", since = "accept"'
    in_hours = 'hours = 2, counting = "working", since = "accept"'
    put(june.relief.settings.data_dir, (in_days, in_hours))
    june.relief.take_changed_files()
    case = opened(june, KIND)
    walk(june, case, "accept")
    assert _said_overdue(june, case) == {"list": False, "page": False, "public": False}
    issued(june, case, "acceptance", language="en")
    june.at("2005-06-15T16:00")
    assert _said_overdue(june, case) == {"list": True, "page": True, "public": True}
    issued(june, case, "acceptance", language="en")
    assert ["answer you in writing, by" in page(june, case, number) for number in (1, 2)] == [
        True,
        False,
    ]


def _said_overdue(office: Office, reference: str) -> dict[str, bool]:
    with office.relief.reading() as work:
        at = work.as_known_now()
        case = find_case(work, reference, CHEN)
        (listed,) = cases_page(work, CHEN, CasesSought(kind=KIND)).rows
        return {
            "list": listed.is_overdue(at),
            "page": view_case(work, case, CHEN).is_overdue,
            "public": tell(work, case.row).is_overdue,
        }


def test_case_of_an_older_file_is_told_to_bring_what_its_own_next_step_wants(
    aiding: Office,
) -> None:
    older, before = opened(aiding, KIND), _to_bring(aiding, "E2005-0001")
    assert before
    checked = '[[state]]\nid = "checked"\ntitle = { en = "Checked", zh = "已核对" }\n'
    check = (
        '[[action]]\nid = "check"\ntitle = { en = "Check", zh = "核对" }\n'
        'from = ["received"]\nto = "checked"\nroles = ["clerk"]\n'
        '[[action]]\nid = "uncheck"\ntitle = { en = "Check again", zh = "重新核对" }\n'
        'from = ["checked"]\nto = "received"\nroles = ["clerk"]\n'
    )
    here = '[[state]]\nid = "awaiting_papers"'
    put(aiding.relief.settings.data_dir, (here, f"{checked}{check}{here}"))
    aiding.relief.take_changed_files()
    assert told(aiding) == []
    assert _to_bring(aiding, opened(aiding, KIND)) == []
    assert _to_bring(aiding, older) == before


def _to_bring(office: Office, reference: str) -> list[Wanted]:
    with office.relief.reading() as work:
        case = find_case(work, reference, CHEN)
        view = view_case(work, case, CHEN)
        return what_to_bring(work, case, view.entries, view.choices or (), ())


def test_what_a_file_says_is_masked_is_shown_masked_also_of_cases_from_before(
    aiding: Office,
) -> None:
    older = _asked_of(aiding)
    assert _shown(aiding, older) == {"school": "13800000017", "phone": "138****0018"}
    school = 'id = "school"\ntitle = { en = "School", zh = "就读学校" }\nline = true\n'
    own = ('masked = "phone"\n', "")  # a file from before says nothing of the usual ones
    put(aiding.relief.settings.data_dir, own, (school, school + 'masked = "phone"\n'))
    aiding.relief.take_changed_files()
    assert told(aiding) == []
    for case in (older, _asked_of(aiding)):
        assert _shown(aiding, case) == {"school": "138****0017", "phone": "138****0018"}


def _asked_of(office: Office) -> str:
    case = opened(office, KIND)
    do(office, case, "identify", CHEN, {"phone": "13800000018"})
    do(office, case, "ask_school", CHEN, {"school": "13800000017"})
    return case


def _shown(office: Office, reference: str) -> dict[str, str]:
    with office.relief.reading() as work:
        entries = view_case(work, find_case(work, reference, CHEN), CHEN).entries
        return {
            name: said
            for entry in entries
            for name, said in entry.fields.items()
            if name in ("school", "phone")
        }


ASKS = ('fields = ["school"]\n', 'fields = ["school", "visited_on"]\nguards = ["days_have_come"]\n')
VISITED = (
    '[[field]]\nid = "school"\n',
    '[[field]]\nid = "visited_on"\ntitle = { en = "Visited on", zh = "走访日期" }\n'
    'type = "date"\n\n[[field]]\nid = "school"\n',
)
PAST = ('type = "date"\n\n[[field]]\nid = "school"\n',
        'type = "date"\npast = true\n\n[[field]]\nid = "school"\n')  # fmt: skip


def test_what_a_file_says_was_done_was_not_done_in_the_future(aiding: Office) -> None:
    put(aiding.relief.settings.data_dir, ASKS, VISITED)
    aiding.relief.take_changed_files()
    older = opened(aiding, KIND)
    put(aiding.relief.settings.data_dir, ASKS, VISITED, PAST)
    aiding.relief.take_changed_files()
    assert told(aiding) == []
    case = opened(aiding, KIND)
    for day, code in (("2099-01-01", "day_to_come"), ("2005-06-14", "day_before")):
        with pytest.raises(TransitionRefused) as refused:
            do(aiding, case, "ask_school", CHEN, {"school": "一中", "visited_on": day})
        assert [each.code for each in refused.value.problems] == [f"petition.{code}"]
        assert refused.value.problems[0].field == "visited_on"
    do(aiding, case, "ask_school", CHEN, {"school": "一中", "visited_on": "2005-06-15"})
    # A case from before goes by the file that it began under.
    do(aiding, older, "ask_school", CHEN, {"school": "一中", "visited_on": "2099-01-01"})


def test_day_that_is_past_is_looked_at_by_the_step_that_asks_for_it(aiding: Office) -> None:
    asks = (ASKS[0], 'fields = ["school", "visited_on"]\n')
    put(aiding.relief.settings.data_dir, asks, VISITED, PAST)
    aiding.relief.take_changed_files()
    assert told(aiding) == [(f"{KIND}.toml", "workflow.past_unguarded")]


def test_two_pairs_of_eyes_are_kept_of_it(aiding: Office) -> None:
    both = CHEN.__class__("chen", frozenset({"clerk", "approver"}))
    case = opened(aiding, KIND)
    walk(aiding, case, "accept")
    with aiding.relief.reading() as work:
        case_id = find_case(work, case, CHEN).id
        (handle,) = (
            choice
            for choice in available_of_many(work, KIND, [case_id], both)[case_id]
            if choice.action.id == "handle"
        )
    assert [refusal.problem.code for refusal in handle.refusals] == ["step.kept_apart"]


def test_paper_forms_and_earlier_contacts_may_be_of_it(aiding: Office) -> None:
    contact = answered(aiding, name="吴试甲")
    with aiding.relief.work() as work:
        reserved = reserve_numbers(work, CHEN, work.today, contacts=1, cases=1, kinds=(KIND,))
        joined = open_from_contact(work, CHEN, KIND, contact)
        work.commit()
    assert [*reserved.cases, joined.reference] == ["E2005-0001", "E2005-0002"]


def test_unsound_file_leaves_all_as_it_was_and_is_told_until_it_is_mended(aiding: Office) -> None:
    data_dir = aiding.relief.settings.data_dir
    stood = aiding.relief.workflows
    put(data_dir, ('letter = "E"', 'letter = "P"'), ('effects = ["keep_readers"]\n', ""))
    aiding.relief.take_changed_files()
    assert aiding.relief.workflows is stood
    assert told(aiding) == [
        (f"{KIND}.toml", "workflow.letter_taken"),
        (f"{KIND}.toml", "workflow.weakened"),
    ]
    assert opened(aiding, KIND) == "E2005-0001"
    path = put(data_dir)
    path.write_text("key =", encoding="utf-8")
    aiding.relief.take_changed_files()
    assert told(aiding) == [(f"{KIND}.toml", "workflow.not_toml")]
    put(data_dir, ('zh = "助学救助"', 'zh = "助学"'))
    aiding.relief.take_changed_files()
    assert (told(aiding), aiding.relief.workflows.kind_title(KIND)["zh"]) == ([], "助学")


def test_case_keeps_the_workflow_that_it_began_under(aiding: Office) -> None:
    before = opened(aiding, KIND)
    put(aiding.relief.settings.data_dir, ('en = "Ask the school"', 'en = "Write to the school"'))
    aiding.relief.take_changed_files()
    titles = []
    for case in (before, opened(aiding, KIND)):
        with aiding.relief.reading() as work:
            definition = find_case(work, case, CHEN).machine.definition
            titles.append(definition.actions_named("ask_school")[0].title["en"])
    assert titles == ["Ask the school", "Write to the school"]


def test_cases_outlive_the_file_of_their_kind_and_no_other_begins(aiding: Office) -> None:
    case = opened(aiding, KIND)
    contact = answered(aiding, name="吴试甲")
    away_with_the_file(aiding)
    assert told(aiding) == []
    again = Office(open_relief(aiding.relief.settings))
    for office in (aiding, again):  # and after a restart
        with office.relief.reading() as work:
            assert KIND in kinds_of_cases(work)
            assert KIND not in kinds_to_open(work)
            assert cases_page(work, PING, CasesSought(kind=KIND, is_open=True)).rows
            assert find(work, CHEN, case).hits
        with office.relief.work() as work, pytest.raises(NotFound):
            open_from_contact(work, CHEN, KIND, contact)
        with office.relief.work() as work, pytest.raises(TransitionRefused) as refused:
            begin(work, KIND, "receive", CHEN, {"reference": "E2005-0009"})
        assert [each.code for each in refused.value.problems] == ["step.kind_retired"]
        with office.relief.reading() as work:
            assert half_year_report(work, H1).figure(f"accepted_{KIND}").value == 0
    again.relief.database.dispose()
    assert walk(aiding, case, "accept", "handle", "implement", "feedback") == "feedback"
    with aiding.relief.reading() as work:
        assert half_year_report(work, H1).figure(f"accepted_{KIND}").value == 1


def test_file_that_comes_back_opens_cases_again(aiding: Office) -> None:
    opened(aiding, KIND)
    away_with_the_file(aiding)
    put(aiding.relief.settings.data_dir)
    aiding.relief.take_changed_files()
    assert opened(aiding, KIND) == "E2005-0002"


def test_kind_without_a_case_goes_with_its_file(aiding: Office) -> None:
    away_with_the_file(aiding)
    with aiding.relief.reading() as work:
        assert KIND not in kinds_of_cases(work)
        assert work.workflows.kind_title(KIND) == {"en": KIND, "zh": KIND}
        assert work.workflows.state_title(KIND, "received") == {"en": "received", "zh": "received"}


def test_letter_stays_that_of_the_cases_whose_file_is_gone(aiding: Office) -> None:
    case = opened(aiding, KIND)
    put(aiding.relief.settings.data_dir, name="elder_aid")
    away_with_the_file(aiding)
    assert told(aiding) == [("elder_aid.toml", "workflow.letter_taken")]
    assert state(aiding, case) == "received"
    workflows = build_workflows(aiding.relief.settings)
    with aiding.relief.reading() as work, pytest.raises(Invalid):  # nor would it start so
        with_retired(work, workflows)


def test_contact_of_another_kind_of_case_is_told_which_kinds_there_are(aiding: Office) -> None:
    row = {"household_no": "H1", "applicant_name": "试甲", "applicant_id": "331021197101175709"}
    aiding.register([row])
    with aiding.relief.work() as work, pytest.raises(Conflict) as refused:
        add_to_case(work, CHEN, read_form(work, {"channel": "visit", "matter": "问"}), "H1")
    assert "Education aid" in legible(refused.value.problems[0].text)


def last_recorded(office: Office, instant: dt.datetime) -> None:
    with office.relief.work() as work:
        work.connection.execute(sa.update(DEPLOYMENT).values(last_instant=instant))
        work.commit()


def test_files_wait_while_nothing_can_be_written(june: Office) -> None:
    relief, rehearsal = june.relief, june.relief.clock
    put(relief.settings.data_dir)
    relief.clock = SystemClock(relief.settings.zone)
    last_recorded(june, dt.datetime(2999, 1, 1, tzinfo=dt.UTC))  # far ahead of the machine
    relief.take_changed_files()
    assert [code for _file, code in told(june)] == ["clock.behind"]
    assert KIND not in relief.workflows.kinds
    relief.clock = rehearsal
    last_recorded(june, dt.datetime(2005, 6, 15, 1, tzinfo=dt.UTC))
    relief.take_changed_files()  # the files are those that they were: it is tried again
    assert (told(june), KIND in relief.workflows.kinds) == ([], True)


def test_files_wait_while_the_database_is_away(
    june: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(fault: sa.exc.SQLAlchemyError) -> None:
        def transaction(*, writes: bool) -> NoReturn:
            raise fault

        monkeypatch.setattr(june.relief.database, "transaction", transaction)

    locked = sqlite3.OperationalError("database is locked")
    locked.sqlite_errorname = "SQLITE_BUSY"
    put(june.relief.settings.data_dir)
    fail(sa.exc.OperationalError("BEGIN", {}, locked))
    june.relief.take_changed_files()
    assert [code for _file, code in told(june)] == ["database.locked"]
    fail(sa.exc.InvalidRequestError("nobody knows"))
    june.relief.take_changed_files()
    assert [code for _file, code in told(june)] == ["workflow.unforeseen"]
    monkeypatch.undo()
    june.relief.take_changed_files()
    assert (told(june), KIND in june.relief.workflows.kinds) == ([], True)


@pytest.mark.parametrize(
    ("content", "code"),
    [("x = " + "[" * 3000 + "]" * 3000, "workflow.too_deep"),
     ("x = " + "9" * 5000, "workflow.not_toml")],
)  # fmt: skip
def test_no_file_stops_the_program(aiding: Office, content: str, code: str) -> None:
    stood = aiding.relief.workflows
    path = put(aiding.relief.settings.data_dir)
    path.write_text(content, encoding="utf-8")
    aiding.relief.take_changed_files()
    assert told(aiding) == [(f"{KIND}.toml", code)]
    assert aiding.relief.workflows is stood
    assert opened(aiding, KIND) == "E2005-0001"


def test_fault_that_nobody_foresaw_leaves_the_old_workflows_and_is_told_once(
    june: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def unforeseen(*_asked: object) -> NoReturn:
        raise ZeroDivisionError

    monkeypatch.setattr(bootstrap, "build_workflows", unforeseen)
    stood = june.relief.workflows
    put(june.relief.settings.data_dir)
    june.relief.take_changed_files()
    june.relief.take_changed_files()
    assert told(june) == [("", "workflow.unforeseen")]
    assert "ZeroDivisionError" in legible(june.relief.workflow_faults[0].text)
    assert june.relief.workflows is stood
    assert [record.exc_info is not None for record in caplog.records] == [True]


def test_folder_that_nobody_may_look_into_changes_nothing(
    aiding: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shut(*_asked: object) -> NoReturn:
        raise PermissionError

    monkeypatch.setattr(watching, "files_in", shut)
    aiding.relief.take_changed_files()
    assert (told(aiding), KIND in aiding.relief.workflows.kinds) == ([], True)


def test_link_that_leads_nowhere_is_told_and_hides_no_other_file(june: Office) -> None:
    folder = june.relief.settings.data_dir / "workflows"
    folder.mkdir()
    link = folder / "lost.toml"
    try:
        link.symlink_to(folder / "nowhere")
    except OSError:  # a system on which not everybody may
        pytest.skip("no links here")
    june.relief.take_changed_files()
    assert told(june) == [("lost.toml", "workflow.unreadable")]
    put(june.relief.settings.data_dir)
    assert len(files_in(folder)) == 2
    link.unlink()
    june.relief.take_changed_files()
    assert (told(june), KIND in june.relief.workflows.kinds) == ([], True)


def test_file_in_the_place_of_the_folder_holds_no_workflow(june: Office) -> None:
    folder = june.relief.settings.data_dir / "workflows"
    folder.write_text("x", encoding="utf-8")
    assert files_in(folder) == frozenset()


def test_longest_term_begins_and_is_counted(aiding: Office) -> None:
    longest = ('days = 5, counting = "working"', 'days = 3650, counting = "working"')
    put(aiding.relief.settings.data_dir, longest)
    aiding.relief.take_changed_files()
    case = opened(aiding, KIND)
    with aiding.relief.reading() as work:
        found = find_case(work, case, CHEN)
        runs = reckoned_deadline(work, found.machine.definition, passages_of(work, KIND, found.id))
    assert runs is not None
    assert runs.due_on is not None
    assert runs.due_on.year == 2020


def test_scheduler_takes_them_before_it_looks(june: Office) -> None:
    put(june.relief.settings.data_dir)
    tick(june.relief)
    assert KIND in june.relief.workflows.kinds


def test_folder_that_comes_later_is_seen(june: Office) -> None:
    folder = june.relief.settings.data_dir / "workflows"
    assert files_in(folder) == frozenset()
    june.relief.take_changed_files()
    put(june.relief.settings.data_dir)
    (folder / "notes.txt").write_text("x", encoding="utf-8")
    assert [name for name, *_told in files_in(folder)] == [f"{KIND}.toml"]
