"""Once a day what was typed and not saved goes, when it is old."""

from __future__ import annotations

from relief.scheduler.jobs.typed import REMOVE_OLD_DRAFTS
from relief.scheduler.runner import tick
from relief.typed.drafts import draft_of, keep_draft
from relief.typed.once import claim, fulfil, new_key
from tests.office import CHEN, Office


def typed(office: Office, form: str, key: str) -> None:
    with office.relief.work() as work:
        keep_draft(work, CHEN, form, {"matter": form})
        claimed = claim(work, CHEN, key)
        if not claimed.made:
            fulfil(work, claimed, form)
        work.commit()


def told(office: Office) -> list[str]:
    return [str(done.text) for done in tick(office.relief) if done.job == REMOVE_OLD_DRAFTS.key]


def test_drafts_go_after_thirty_days_and_keys_of_forms_after_two(office: Office) -> None:
    first, second = new_key(), new_key()
    office.at("2005-06-01T09:00")
    typed(office, "old", first)
    office.at("2005-06-03T08:00")
    assert told(office) == []
    typed(office, "new", second)
    office.at("2005-06-04T09:00")
    assert told(office) == ["Removed what was typed and not saved: drafts 0, keys of forms 1."]
    office.at("2005-07-01T08:00")
    assert told(office) == ["Removed what was typed and not saved: drafts 0, keys of forms 1."]
    office.at("2005-07-02T09:00")
    assert told(office) == ["Removed what was typed and not saved: drafts 1, keys of forms 0."]
    with office.relief.reading() as work:
        assert draft_of(work, CHEN, "old") is None
        assert draft_of(work, CHEN, "new") is not None
