"""Requests for relief, legal aid and work in the demo: twelve, and all are accepted."""

from __future__ import annotations

from collections.abc import Iterator

from relief.demo.desk.matters import (
    APPROVER,
    CLERK,
    Again,
    Contact,
    Deed,
    Matter,
    again,
    contact,
    contact_of_household,
    fed,
    id_number_of,
    step,
)


def requests() -> Iterator[Matter]:
    """By kind, in the order in which they come."""
    yield from _relief()
    yield from _later_relief()
    yield from _legal_aid()
    yield from _work()


def _relief() -> Iterator[Matter]:
    yield _matter(
        "illness",
        "relief",
        contact(
            "01-26", "visit", 20, "丈夫住院，年关难过，申请临时救助", id_number=id_number_of(20)
        ),
        step("01-28", "accept", CLERK, cause="illness", requested_amount="1000.00"),
        _granted("02-03", "800.00", "同意临时救助"),
        *_given("02-04", "救助金已当面发放", "02-18"),
    )
    yield _matter(
        "school_fees",
        "relief",
        contact("02-22", "visit", 21, "女儿高中学费交不起", id_number=id_number_of(21)),
        step("02-25", "accept", CLERK, cause="schooling", requested_amount="600.00"),
        _granted("03-04", "500.00", "同意助学救助"),
        *_given("03-08", "学费已转付学校", "03-15"),
    )
    yield _matter(
        "fire",
        "relief",
        contact(
            "03-15",
            "visit",
            22,
            "夫妻来访，家中失火，衣被全毁",
            id_number=id_number_of(22),
            heads=2,
        ),
        step("03-17", "accept", CLERK, cause="accident_disaster", requested_amount="2000.00"),
        _granted("03-24", "1500.00", "同意救助，另发棉被"),
        *_given("03-28", "救助金和棉被已送到家中", "04-04"),
    )


def _later_relief() -> Iterator[Matter]:
    yield _matter(
        "child_in_hospital",
        "relief",
        contact_of_household("04-07", "call", 11, "儿子肺炎住院，押金不足"),
        step(
            "04-11",
            "accept",
            CLERK,
            cause="illness",
            requested_amount="800.00",
            household_no="H011",
        ),
        _granted("04-18", "600.00", "同意临时救助"),
        *_given("04-21", "救助金已发放", "04-28"),
    )
    yield _matter(
        "second_request",
        "relief",
        contact_of_household("05-12", "visit", 27, "眼病手术后要求报销自费部分"),
        step("05-12", "await_papers", CLERK, papers_missing="医院发票原件和医保结算单"),
        step("05-17", "papers_arrived", CLERK),
        step(
            "05-18",
            "accept",
            CLERK,
            cause="illness",
            requested_amount="700.00",
            household_no="H027",
        ),
        step(
            "05-26",
            "handle",
            APPROVER,
            reason="自费部分已由医保全额结算，没有需要救助的支出",
            decision="refused",
            opinion="医保已全额结算，不再救助",
        ),
        fed("06-07", "partly"),
    )
    yield _matter(
        "autumn_fees",
        "relief",
        contact("06-21", "visit", 25, "两个孩子九月开学，学费没有着落", id_number=id_number_of(25)),
        step("06-24", "accept", CLERK, cause="schooling", requested_amount="1200.00"),
    )


def _legal_aid() -> Iterator[Matter]:
    yield _matter(
        "crushed_hand",
        "legal_aid",
        contact("01-20", "visit", 30, "冲床压伤右手，厂里只付了药费"),
        _dispute("01-24", "work_injury", "农机修造厂", "2005-11-30"),
        _aid("02-21", "representation", "指派律师代理工伤赔偿"),
        *_concluded("04-20", "settled", "04-26"),
    )
    yield _matter(
        "pregnant_dismissed",
        "legal_aid",
        contact("03-29", "visit", 31, "怀孕后被解除劳动合同"),
        _dispute("03-31", "dismissal", "县羽绒制品厂", "2006-03-20"),
        _aid("04-22", "representation", "指派律师代理仲裁：《劳动法》第二十九条"),
        *_concluded("06-03", "won", "06-08"),
    )
    yield _matter(
        "no_insurance",
        "legal_aid",
        contact("05-17", "call", 32, "公司不给缴社会保险，想知道怎么办"),
        _dispute("05-20", "insurance", "永安运输队", "2006-05-10"),
        again("06-20", "call", 32, "问法律文书写好没有", chase_up=True),
        step("06-21", "supervise", APPROVER, note="已过办理期限，请三日内办结"),
        _aid("06-24", "document", "代拟仲裁申请书"),
    )
    yield _matter(
        "unpaid_leavers",
        "legal_aid",
        contact("06-23", "visit", 33, "离职两个月，最后的工资还没有结清"),
        _dispute("06-27", "wages_after_employment", "第二棉纺厂", "2006-04-20"),
    )


def _work() -> Iterator[Matter]:
    yield _matter(
        "cannery",
        "job_referral",
        contact("03-08", "visit", 41, "下岗两年，会缝纫，求职", id_number=id_number_of(41)),
        step("03-09", "accept", CLERK, employment_status="laid_off_unemployed",
             skills="缝纫、食品加工"),
        step("03-16", "handle", APPROVER, employer="罐头食品厂"),
        step("04-06", "implement", CLERK, started_on="2005-04-04", evidence="contract"),
    )  # fmt: skip
    yield _matter(
        "valve_fitter",
        "job_referral",
        contact("04-14", "visit", 42, "想换一份离家近的工作", id_number=id_number_of(42)),
        step("04-15", "accept", CLERK, employment_status="employed", skills="钳工"),
        step("04-27", "handle", APPROVER, employer="县阀门厂"),
    )


def _matter(key: str, kind: str, opened_by: Contact, *deeds: Deed | Again) -> Matter:
    return Matter(key, kind, opened_by, deeds)


def _granted(on: str, amount: str, opinion: str) -> Deed:
    return step(
        on,
        "handle",
        APPROVER,
        decision="granted",
        opinion=opinion,
        granted_amount=amount,
        fund_source="union",
    )


def _given(
    on: str, measure: str, fed_back: str, satisfaction: str = "satisfied"
) -> tuple[Deed, Deed]:
    return (
        step(on, "implement", CLERK, measure=measure),
        fed(fed_back, satisfaction),
    )


def _dispute(on: str, dispute_kind: str, employer: str, limitation_ends_on: str) -> Deed:
    return step(
        on,
        "accept",
        CLERK,
        dispute_kind=dispute_kind,
        employer=employer,
        limitation_ends_on=limitation_ends_on,
    )


def _aid(on: str, aid: str, opinion: str) -> Deed:
    return step(on, "handle", APPROVER, aid=aid, opinion=opinion)


def _concluded(on: str, result: str, fed_back: str) -> tuple[Deed, Deed]:
    return (
        step(on, "implement", CLERK, result=result),
        fed(fed_back, "satisfied"),
    )
