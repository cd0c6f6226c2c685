"""Letters of a case: offered by the workflow, kept as they were issued, found out where somebody
alters them; what they say is the case's, never the clock's."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from relief.engine.actors import Actor
from relief.engine.cases import find_case
from relief.engine.journal.history import history
from relief.engine.steps.advance import available
from relief.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, TransitionRefused
from relief.kernel.settings import load_settings
from relief.letters import service
from relief.letters.queries import letters_of, page_of
from relief.letters.service import issue_letter, preview_of, style_hash
from relief.letters.templates import LetterFolder
from relief.letters.verification import verify_letters
from relief.papers.reading import view_papers
from relief.petitions.check_code import code_of
from relief.petitions.one_case.bringing import what_to_bring
from tests.letters import issued, offered, page
from tests.matters import MEI, do, entries, opened, row, walk
from tests.office import AN, CHEN, PING, WEN, Office
from tests.papers import attached

pytestmark = pytest.mark.postgresql_slow


@pytest.fixture
def june(office: Office) -> Office:
    office.at("2005-06-15T09:00")
    return office


def own(office: Office, name: str, text: str) -> Path:
    folder = office.relief.settings.data_dir / "letters"
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def faults(office: Office) -> list[str]:
    with office.relief.reading() as work:
        return [problem.code for problem in verify_letters(work)]


def wanted(office: Office, reference: str) -> list[str]:
    with office.relief.reading() as work:
        case = find_case(work, reference, CHEN)
        steps = history(work, case.kind.key, case.id)
        choices = available(work, case.kind.key, case.id, CHEN)
        found = what_to_bring(work, case, steps, choices, view_papers(work, case).kinds)
    return [each if isinstance(each, str) else each["en"] for each in found]


def test_receipt_tells_number_code_day_and_what_is_missing(june: Office) -> None:
    case = opened(june, "relief", matter="住院花了三万")
    made = issued(june, case)
    text = page(june, case)
    assert (made.number, made.title, made.issued_on.isoformat()) == (1, "收件回执", "2005-06-15")
    with june.relief.reading() as work:
        code = code_of(work.cipher, case, row(june, case)["token"])
    for said in ("吴试甲", case, code, "2005年6月22日", "户口簿", "致困原因的证明", "住院花了三万"):
        assert said in text, said
    english = page(june, case, issued(june, case, language="en").number)
    for said in ("Receipt", code, "22 June 2005", "residence booklet", 'lang="en"'):
        assert said in english, said


def test_issuing_is_a_step_with_the_hash_of_the_page(june: Office) -> None:
    case = opened(june)
    made = issued(june, case)
    step = entries(june, case)[-1]
    assert (step.action, step.actor) == ("issue_letter", "chen")
    assert step.facts["which"] == "receipt"
    assert step.facts["sha256"] == made.sha256
    assert set(step.facts) == {
        "letter", "letter_title", "which", "language", "sha256", "template_sha256", "issued_on",
    }  # fmt: skip
    assert step.from_state == step.to_state == "received"


def test_letter_printed_again_is_what_was_issued_whatever_became_of_case_and_template(
    june: Office,
) -> None:
    case = opened(june)
    issued(june, case)
    before = page(june, case)
    do(june, case, "identify", CHEN, {"petitioner_name": "吴改名"})
    walk(june, case, "accept")
    own(june, "receipt.zh.html", "<h1>{% block title %}别的{% endblock %}</h1>")
    june.at("2006-01-05T09:00")
    assert page(june, case) == before


def test_second_letter_says_that_it_is_one(june: Office) -> None:
    case = opened(june)
    issued(june, case)
    issued(june, case)
    assert "此前已出具" not in page(june, case, 1)
    assert "此前已出具1次" in page(june, case, 2)
    assert f"{case}-2" in page(june, case, 2)


def test_letters_are_offered_by_the_steps_that_were_taken(june: Office) -> None:
    case = opened(june)
    assert offered(june, case) == ["receipt"]
    walk(june, case, "accept")
    do(june, case, "extend", PING, {"notice_on": "2005-06-15"}, reason="核查未完")
    assert offered(june, case) == ["receipt", "acceptance", "extension"]
    walk(june, case, "handle", "implement", "feedback")
    assert offered(june, case) == ["acceptance", "extension", "opinion", "feedback"]
    with pytest.raises(Invalid, match="no such letter now"):
        issued(june, case, "refusal")
    other = opened(june, name="何试乙", id_number="")
    do(june, other, "decline", CHEN, {"notice_on": "2005-06-15"}, reason="不归我们管")
    issued(june, other, "refusal")
    assert "不归我们管" in page(june, other)


def test_letter_of_a_step_that_was_taken_back_is_offered_when_it_is_taken_again(
    june: Office,
) -> None:
    case = opened(june)
    walk(june, case, "accept", "handle", "implement")
    do(june, case, "return", PING, reason="措施不实")
    assert offered(june, case) == ["receipt", "acceptance", "opinion"]
    do(june, case, "return", PING, reason="依据有误")
    assert offered(june, case) == ["receipt", "acceptance"]
    with pytest.raises(Invalid, match="no such letter now"):
        issued(june, case, "opinion")
    walk(june, case, "handle")
    assert offered(june, case) == ["receipt", "acceptance", "opinion"]


def test_end_beside_the_line_is_told_by_the_letters_of_its_own_step_alone(june: Office) -> None:
    withdrawn, merged, declined, reviewed = (opened(june) for _ in range(4))
    walk(june, withdrawn, "accept")
    do(june, withdrawn, "withdraw", CHEN, reason="本人要求")
    do(june, merged, "merge", CHEN, {"merge_into": reviewed})
    do(june, declined, "decline", CHEN, {"notice_on": "2005-06-15"}, reason="不归我们管")
    walk(june, reviewed, "accept", "handle")
    do(june, reviewed, "request_review", CHEN)
    assert offered(june, reviewed) == ["receipt", "acceptance", "opinion"]
    said = {"review_opinion": "维持原意见", "review_result": "upheld"}
    do(june, reviewed, "conclude_review", CHEN, said)
    do(june, reviewed, "note", CHEN, {"note": "已寄出"})
    assert [offered(june, each) for each in (withdrawn, merged, declined, reviewed)] == [
        [], [], ["refusal"], ["review"],
    ]  # fmt: skip


def test_acceptance_tells_the_day_of_its_own_state_also_when_it_is_issued_later(
    june: Office,
) -> None:
    case = opened(june)
    walk(june, case, "accept")
    issued(june, case, "acceptance")
    assert "2005年8月15日" in page(june, case, 1)  # sixty days, rolled over a Sunday
    do(june, case, "extend", PING, {"notice_on": "2005-06-15"}, reason="核查未完")
    walk(june, case, "handle", "implement")
    issued(june, case, "extension")
    assert "核查未完" in page(june, case, 2)
    assert "2005年9月13日" in page(june, case, 2)


def test_day_that_has_passed_is_not_promised(june: Office) -> None:
    case = opened(june)
    june.at("2005-07-15T09:00")
    issued(june, case)
    assert "前决定是否受理" not in page(june, case)


def test_receipt_promises_what_the_case_waits_for_now(june: Office) -> None:
    case = opened(june, "relief")
    issued(june, case)
    assert "2005年6月22日前决定是否受理，并告知您" in page(june, case, 1)
    do(june, case, "await_papers", CHEN, {"papers_missing": "发票\n发票\n户口簿"})
    issued(june, case)
    text = page(june, case, 2)
    for said in (
        "已于2005年6月15日请您补充以下材料",
        "<ol>\n<li>发票</li>\n<li>户口簿</li>\n</ol>",
        "等待材料的时间不计入办理期限",
    ):
        assert said in text, said
    assert "是否受理" not in text
    do(june, case, "papers_arrived", CHEN)
    walk(june, case, "accept")
    issued(june, case)
    assert "2005年7月15日前办结并告知您结果" in page(june, case, 3)
    walk(june, case, "handle")
    issued(june, case)
    text = page(june, case, 4)
    assert "目前的办理状态：处理（2005年6月15日起）" in text
    assert "需要您补充" not in text
    assert "前办结" not in text


def test_acceptance_promises_nothing_that_was_done(june: Office) -> None:
    case = opened(june)
    walk(june, case, "accept", "handle")
    issued(june, case, "acceptance")
    assert "前办结" not in page(june, case)


def test_notice_of_missing_papers_is_offered_while_they_are_waited_for(june: Office) -> None:
    case = opened(june, "relief")
    do(june, case, "await_papers", CHEN, {"papers_missing": "医院发票原件\n户口簿"})
    assert offered(june, case) == ["receipt", "supplement"]
    issued(june, case, "supplement")
    text = page(june, case)
    assert "一次性补正告知书" in text
    assert "<ol>\n<li>医院发票原件</li>\n<li>户口簿</li>\n</ol>" in text
    assert "自2005年6月15日起，等待材料的时间不计入办理期限" in text
    issued(june, case, "supplement", language="en")
    assert "Notice of missing papers" in page(june, case, 2)
    do(june, case, "papers_arrived", CHEN)
    assert offered(june, case) == ["receipt"]


def test_receipt_quotes_the_beginning_of_a_long_matter_and_the_opinion_all_of_it(
    june: Office,
) -> None:
    long, many = "长" * 3500, "\n".join(f"第{number}行" for number in range(1, 20))
    case, other = opened(june, matter=long), opened(june, matter=many)
    issued(june, case)
    issued(june, other)
    assert page(june, case).count("长") == 160
    assert "长…</p>" in page(june, case)
    assert "第5行…</p>" in page(june, other)
    walk(june, case, "accept", "handle")
    issued(june, case, "opinion")
    assert page(june, case, 2).count("长") == 3500


def test_opinion_tells_basis_and_how_to_ask_for_a_review(june: Office) -> None:
    case = opened(june)
    walk(june, case, "accept", "handle")
    issued(june, case, "opinion", actor=PING)
    text = page(june, case)
    for said in ("补发工资", "劳动法第五十条", "结论：支持", "自收到本意见书之日起30日内", "复查"):
        assert said in text, said
    assert "2005年7月" not in text  # on which day it is received no letter knows
    relief = opened(june, "relief", name="何试乙", id_number=MEI)
    walk(june, relief, "accept", "handle")
    issued(june, relief, "opinion")
    assert "救助金额（元）：1,500.00" in page(june, relief)
    assert "复查" not in page(june, relief)


def test_opinion_that_refuses_relief_says_why_and_how_to_object(june: Office) -> None:
    case = opened(june, "relief")
    walk(june, case, "accept")
    refused = {"decision": "refused", "opinion": "不予救助"}
    do(june, case, "handle", PING, refused, reason="家庭收入高于救助标准")
    issued(june, case, "opinion")
    text = page(june, case)
    for said in ("理由：家庭收入高于救助标准", "申请复核", "向上一级工会反映"):
        assert said in text, said


def test_feedback_sheet_asks_how_satisfied_they_are(june: Office) -> None:
    case = opened(june)
    walk(june, case, "accept", "handle", "implement")
    issued(june, case, "feedback")
    text = page(june, case)
    assert "□ 满意" in text
    assert "□ 不满意" in text
    assert "未能联系" not in text
    assert "企业已补发" in text


def test_what_to_bring_goes_as_it_comes(june: Office) -> None:
    case = opened(june, "relief")
    assert wanted(june, case) == [
        "application",
        "identity card",
        "residence booklet",
        "proof of income",
        "proof of the cause of hardship (medical bills, certificate of disability, admission "
        "letter …)",
    ]  # nobody brings an amount
    attached(june, case, "身份证.pdf", kind="identity_card")
    attached(june, case, "户口簿.pdf", kind="residence_booklet")
    do(june, case, "detach", CHEN, {"paper_no": "2"}, reason="过期")
    assert "identity card" not in wanted(june, case)
    assert "residence booklet" in wanted(june, case)
    do(june, case, "await_papers", CHEN, {"papers_missing": "医院发票原件\n 户口簿\n"})
    assert wanted(june, case) == ["医院发票原件", "户口簿"]  # it is said once
    do(june, case, "papers_arrived", CHEN)
    typed = "1. 户口簿\n2、身份证\n（3）1.5寸照片\n④病历\n- 票据\n2005.6工资单\n1、2寸照片\n5."
    do(june, case, "await_papers", CHEN, {"papers_missing": typed})
    assert wanted(june, case) == [
        "户口簿", "身份证", "1.5寸照片", "病历", "票据", "2005.6工资单", "1、2寸照片", "5.",
    ]  # fmt: skip
    do(june, case, "papers_arrived", CHEN)
    walk(june, case, "accept")
    assert wanted(june, case) == []  # what is left is the office's to write


def test_what_a_guard_misses_is_asked_for_in_plain_words(june: Office) -> None:
    case = opened(june, "job_referral", name="何试乙", id_number="")
    assert wanted(june, case) == [
        "your certificate of unemployment, where you have one", "your identity card",
    ]  # fmt: skip
    do(june, case, "identify", CHEN, {"id_number": MEI})
    assert wanted(june, case) == ["your certificate of unemployment, where you have one"]
    walk(june, case, "accept", "handle")
    assert wanted(june, case) == ["labour contract"]


@pytest.mark.parametrize("actor", [AN, WEN])
def test_only_who_works_on_cases_issues_letters(june: Office, actor: Actor) -> None:
    case = opened(june)
    with pytest.raises(NotAllowed):
        issued(june, case, actor=actor)
    assert "letter" not in entries(june, case)[-1].facts


def test_nothing_of_a_hidden_matter_is_issued_by_others(june: Office) -> None:
    case = opened(june, restricted=True)
    with pytest.raises(NotFound):
        issued(june, case, actor=PING)


def test_step_cannot_be_taken_without_its_letter(june: Office) -> None:
    with pytest.raises(TransitionRefused, match="This comes with a letter"):
        do(june, opened(june), "issue_letter", CHEN)


def test_own_template_goes_before_ours_and_a_broken_one_issues_nothing(june: Office) -> None:
    case = opened(june)
    own(june, "receipt.zh.html", "<h1>{% block title %}本县回执{% endblock %}</h1>{{ case.code }}")
    assert issued(june, case).title == "本县回执"
    own(june, "receipt.zh.html", "<h1>{% block title %}回执{% endblock %}</h1>\n{{ case.nmae }}")
    with pytest.raises(Invalid) as refused:
        issued(june, case)
    [problem] = refused.value.problems
    assert 'receipt.zh.html, line 2: There is no "case.nmae"' in str(problem.text)
    own(june, "letter.css", "p { background: url(http://somewhere/) }")
    with pytest.raises(Invalid, match=r"letter\.css, line 1"):
        issued(june, case, language="en")
    assert [step.action for step in entries(june, case)].count("issue_letter") == 1


def test_preview_is_marked_and_kept_nowhere(june: Office) -> None:
    case = opened(june)
    with june.relief.reading() as work:
        found = find_case(work, case, CHEN)
        text = preview_of(work, june.relief.letters, CHEN, found, "receipt", "zh").decode()
        assert letters_of(work, found.kind.key, found.id) == []
    assert "预览，尚未出具" in text
    assert style_hash(text.encode()).startswith("sha256-")


def test_words_of_the_case_never_leave_their_place(june: Office) -> None:
    evil = "</p></style><script>alert(1)</script>{{ case.code }}{% for a in b %}"
    case = opened(june, matter=evil, name="", id_number="")
    issued(june, case)
    text = page(june, case)
    assert "<script" not in text
    assert text.count("</style>") == 1
    assert "{{ case.code }}" in text  # as it was typed, and nothing more


def test_letter_of_a_case_whose_words_were_erased_is_refused(june: Office) -> None:
    case = opened(june)
    walk(june, case, "accept")
    with june.relief.work() as work:
        work.connection.execute(
            sa.text("UPDATE petition_case SET journal_key = :none"), {"none": b""}
        )
        work.commit()
    with pytest.raises(Conflict, match="erased"):
        issued(june, case, "acceptance")


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        ("UPDATE issued_letter SET sealed_page = (SELECT sealed_page FROM issued_letter "
         "WHERE number = 2) WHERE number = 1", ["letter.altered"]),
        ("UPDATE issued_letter SET sha256 = 'x' WHERE number = 1", ["letter.altered"]),
        ("UPDATE issued_letter SET title = 'x' WHERE number = 1", ["letter.altered"]),
        ("UPDATE issued_letter SET recorded_by = 'ping' WHERE number = 2", ["letter.altered"]),
        ("UPDATE issued_letter SET issued_on = '2005-01-01' WHERE number = 1", ["letter.altered"]),
        ("UPDATE issued_letter SET subject_id = 9999 WHERE number = 1",
         ["letter.altered", "letter.gone"]),
        ("UPDATE issued_letter SET subject_kind = 'gone' WHERE number = 1",
         ["letter.altered", "letter.gone"]),
        ("DELETE FROM issued_letter WHERE number = 1", ["letter.gone"]),
    ],
)  # fmt: skip
def test_letter_that_is_not_what_was_issued_is_refused_by_the_database_and_found(
    june: Office, tampering: str, found: list[str]
) -> None:
    case = opened(june)
    issued(june, case)
    issued(june, case, language="en")
    assert faults(june) == []
    with june.relief.work() as work, pytest.raises(sa.exc.DBAPIError, match="issued_letter"):
        work.connection.execute(sa.text(tampering))
    with june.relief.work() as work:  # somebody who takes the triggers away
        on = "" if work.is_sqlite else " ON issued_letter"
        for rule in ("no_update", "no_delete"):
            work.connection.execute(sa.text(f"DROP TRIGGER issued_letter_{rule}{on}"))
        work.connection.execute(sa.text(tampering))
        work.commit()
    assert faults(june) == found


def test_page_under_another_hash_is_not_handed_out(june: Office) -> None:
    case = opened(june)
    issued(june, case)
    with june.relief.work() as work:
        on = "" if work.is_sqlite else " ON issued_letter"
        work.connection.execute(sa.text(f"DROP TRIGGER issued_letter_no_update{on}"))
        work.connection.execute(sa.text("UPDATE issued_letter SET sha256 = 'x'"))
        work.commit()
    with pytest.raises(Conflict, match="not what was issued"):
        page(june, case)


def test_name_of_the_office_stands_on_its_letters(june: Office) -> None:
    case = opened(june)
    settings = june.relief.settings.model_copy(update={"office_name": "试县总工会帮扶中心"})
    with june.relief.reading() as work:
        found = find_case(work, case, CHEN)
        for language in ("zh", "en"):  # without an English name the one there is does for both
            folder = LetterFolder(settings)
            text = preview_of(work, folder, CHEN, found, "receipt", language).decode()
            assert text.count("试县总工会帮扶中心") == 2


def test_where_the_office_is_found_stands_at_the_foot_of_letters(june: Office) -> None:
    case = opened(june)
    found = {"office_address": "试县人民路1号", "office_phone": "0577-1234567"}
    settings = june.relief.settings.model_copy(update=found)
    with june.relief.reading() as work:
        held = find_case(work, case, CHEN)

        def said(folder: LetterFolder, language: str) -> str:
            return preview_of(work, folder, CHEN, held, "receipt", language).decode()

        text = said(LetterFolder(settings), "zh")
        assert "地址：试县人民路1号" in text
        assert "电话：0577-1234567" in text
        assert "接待时间" not in text  # nobody said it
        assert "Phone: 0577-1234567" in said(LetterFolder(settings), "en")
        assert 'class="contact"' not in said(june.relief.letters, "zh")


@pytest.mark.parametrize(
    ("settings", "code", "said"),
    [
        ({}, True, ""),
        ({"pages_url": "https://relief.example.org/"}, True, "https://relief.example.org/status"),
        ({"pages_url": "https://relief.example.org", "public_page": False}, False, ""),
    ],
)
def test_receipt_says_where_to_ask_and_gives_a_code_only_where_there_is_such_a_page(
    june: Office, settings: dict[str, object], code: bool, said: str
) -> None:
    case = opened(june)
    folder = LetterFolder(june.relief.settings.model_copy(update=settings))
    with june.relief.reading() as work:
        found = find_case(work, case, CHEN)
        right = code_of(work.cipher, case, found.row["token"])
        preview = preview_of(work, folder, CHEN, found, "receipt", "zh").decode()
    with june.relief.work() as work:
        found = find_case(work, case, CHEN)
        made = issue_letter(work, folder, CHEN, found, "receipt", "zh")
        text = page_of(work, found.kind.key, found.id, str(made.number)).decode()
    assert (right in text) == ("查询码" in text) == ("查询码" in preview) == code
    assert right not in preview  # nobody keeps who looked at that one
    assert ("/status" in text) == bool(said)
    assert said in text


def test_name_of_an_office_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="RELIEF_OFFICE_NAME"):
        load_settings(_env_file=None, data_dir=tmp_path, office_name="一\n二")


def test_the_last_letter_of_a_case_is_issued_and_one_more_is_refused(
    june: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "LETTERS_MAX", 2)
    case = opened(june)
    assert [issued(june, case).number for _turn in range(2)] == [1, 2]
    with pytest.raises(Conflict, match="2 letters are the most of one case"):
        issued(june, case)
