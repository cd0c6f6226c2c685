"""What is done with people's matters, as parts of a unit of work: cases begun, taken and handed
over, papers, letters, numbers shown, calendars, views."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from relief.accounts.service import change_full_name
from relief.desk.service import log_contact, read_form
from relief.engine.actors import Actor
from relief.engine.cases import find_case
from relief.engine.steps.advance import advance
from relief.engine.work import Work
from relief.letters.service import issue_letter
from relief.letters.templates import LetterFolder
from relief.papers.service import SentFile, attach
from relief.papers.store import PaperStore
from relief.petitions.day.handing_over import hand_over_cases
from relief.petitions.lists.kept_lists import change_list, drop_list, keep_list, lists_of
from relief.petitions.lists.queues import Asked
from relief.petitions.phones_shown import show_case_phone, show_contact_phone, show_pack_phones
from relief.petitions.service import (
    add_from_contact,
    add_to_case,
    open_case,
    open_from_contact,
    void_contact,
)
from relief.reminders.addresses import mail_of, set_mail
from relief.reminders.feeds import end_feed, make_feed, owner_of
from tests.conftest import settings_for
from tests.faults.acts import ANEW, SAME_FORM, Act, UseCase, once
from tests.matters import WU, answered, opened
from tests.office import AN, CHEN, PING, Office
from tests.papers import JPEG, PDF, attached

CASE, OTHER, CONTACT = "P2005-0001", "P2005-0002", "C2005-0003"
PHONE = "13800000017"
COME = {"channel": "visit", "matter": "工资没有发", "name": "吴试甲", "id_number": WU}
VIEW = "我的急件"


def begin_matters(office: Office) -> None:
    """A second case, with a number to call; a contact that was answered; a paper, a view, and an
    address of a calendar."""
    opened(office, phone=PHONE)
    answered(office, phone=PHONE)
    attached(office, CASE)
    with office.relief.work() as work:
        keep_list(work, CHEN, VIEW, Asked(), shared=False)
        make_feed(work, PING)
        work.commit()


def _step(action: str, actor: Actor, reason: str = "", **fields: str) -> Act:
    def act(work: Work, _folder: Path) -> str:
        case = find_case(work, CASE, actor)
        entry = advance(work, case.kind.key, case.id, action, actor, fields=fields, reason=reason)
        return f"{entry.to_state} {entry.hash}"

    return act


def _open(work: Work, _folder: Path) -> str:
    return open_case(work, CHEN, "petition", read_form(work, {**COME, "phone": PHONE})).reference


def _answer(work: Work, _folder: Path) -> str:
    form = read_form(work, {**COME, "answer": "已解释"})
    return log_contact(work, CHEN, form).reference


def _open_from_contact(work: Work, _folder: Path) -> str:
    return open_from_contact(work, CHEN, "petition", CONTACT).reference


def _add_from_contact(work: Work, _folder: Path) -> str:
    return add_from_contact(work, CHEN, CONTACT, CASE).reference


def _add(work: Work, _folder: Path) -> str:
    form = read_form(work, {"channel": "call", "matter": "又来问"})
    return add_to_case(work, CHEN, form, CASE, chase_up=True).contact.reference


def _void(work: Work, _folder: Path) -> str:
    return f"{void_contact(work, CHEN, CONTACT, '记错人').voided_at}"


def _hand_over(work: Work, _folder: Path) -> str:
    entries = hand_over_cases(work, PING, "chen", "ping", [CASE, OTHER])
    return str([entry.hash for entry in entries])


def _attach(work: Work, folder: Path) -> str:
    file = SentFile("照片.jpg", JPEG)
    case = find_case(work, CASE, CHEN)
    return attach(work, PaperStore(folder, work.cipher), CHEN, case, file).sha256


def _attach_the_same(work: Work, folder: Path) -> str:
    """The bytes of a paper that lies there: another case names them, too."""
    case = find_case(work, OTHER, CHEN)
    return attach(work, PaperStore(folder, work.cipher), CHEN, case, SentFile("证.pdf", PDF)).sha256


def _letter(work: Work, folder: Path) -> str:
    letters = LetterFolder(settings_for(folder))
    case = find_case(work, OTHER, CHEN)
    return issue_letter(work, letters, CHEN, case, "receipt", "zh").sha256


def _full_name(work: Work, _folder: Path) -> str:
    change_full_name(work, AN, "gao", "高试")
    return "高试"


def _show_of_case(work: Work, _folder: Path) -> str:
    return show_case_phone(work, CHEN, OTHER)


def _show_of_contact(work: Work, _folder: Path) -> str:
    return show_contact_phone(work, CHEN, CONTACT)


def _show_in_pack(work: Work, _folder: Path) -> str:
    return str(show_pack_phones(work, CHEN, work.today + dt.timedelta(days=20)))


def _make_address(work: Work, _folder: Path) -> str:
    owner = owner_of(work, make_feed(work, PING))
    return owner.username if owner else ""


def _end_address(work: Work, _folder: Path) -> str:
    return "ended" if end_feed(work, PING) else "there was none"


def _set_mail(work: Work, _folder: Path) -> str:
    set_mail(work, CHEN, "chen", "chen@example.org", digest=True)
    return mail_of(work, "chen").address


def _keep_view(work: Work, _folder: Path) -> str:
    return keep_list(work, CHEN, "超期的", Asked(urgent=True), shared=True).name


def _share_view(work: Work, _folder: Path) -> str:
    (view,) = lists_of(work, "chen")
    change_list(work, CHEN, view.id, "大家的", shared=True)
    return str(lists_of(work, "chen"))


def _drop_view(work: Work, _folder: Path) -> str:
    drop_list(work, CHEN, 1)
    return "gone"


CASE_WORK = {
    "open a case": UseCase("matters", once(_open), SAME_FORM),
    "answer on the spot": UseCase("matters", once(_answer), SAME_FORM),
    "open from a contact": UseCase("matters", _open_from_contact, "contact.not_free"),
    "add from a contact": UseCase("matters", _add_from_contact, "contact.not_free"),
    "add to a case": UseCase("matters", once(_add), SAME_FORM),
    "void a contact": UseCase("matters", _void, "contact.void"),
    "take a case": UseCase("matters", once(_step("assign", PING, case_worker="ping")), SAME_FORM),
    "hand cases over": UseCase("matters", _hand_over, "handover.not_theirs"),
    "attach": UseCase("matters", once(_attach), SAME_FORM),
    "attach the same bytes": UseCase("matters", once(_attach_the_same), SAME_FORM),
    "detach": UseCase("matters", _step("detach", CHEN, "是别人的", paper_no="1"), "paper.none"),
    "letter": UseCase("matters", once(_letter), SAME_FORM),
    "full name": UseCase("matters", _full_name, "user.same_full_name"),
    "phone of a case": UseCase("matters", _show_of_case, ANEW),
    "phone of a contact": UseCase("matters", _show_of_contact, ANEW),
    "phones of a pack": UseCase("matters", _show_in_pack, ANEW),
    "address of a calendar": UseCase("matters", _make_address, ANEW),
    "end of an address": UseCase("matters", _end_address, "there was none"),
    "mail": UseCase("matters", _set_mail, "chen@example.org"),
    "keep a view": UseCase("matters", _keep_view, "view.name_taken"),
    "share a view": UseCase("matters", _share_view, ANEW),
    "throw a view away": UseCase("matters", _drop_view, "view.unknown"),
}
