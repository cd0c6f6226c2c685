"""Plays a scenario of payout_cases/ through the use cases that the commands call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relief.kernel.months import format_month
from tests.office import Office


class Scenario:
    """One scenario in one office; `after_prepare` sees each run once it stands."""

    def __init__(
        self,
        office: Office,
        case: dict[str, Any],
        after_prepare: Callable[[str], None] | None = None,
    ) -> None:
        self.office = office
        self.case = case
        self.references: dict[str, str] = {}
        self._after_prepare = after_prepare
        self._names: dict[str, str] = {}
        self._opened: set[str] = set()

    def play(self) -> None:
        """All steps, each answer compared with what is expected."""
        self.office.at("2005-01-04T09:00")
        self.office.scheme(go_live=self.case["go_live"])
        self._set_rates(self.case["rates"])
        for step in self.case["steps"]:
            self.office.at(step["at"])
            for name in (
                "changes",
                "rates",
                "prepare",
                "release",
                "cancel",
                "withdraw",
                "failed",
                "returned",
                "recovery",
            ):
                if name in step:
                    getattr(self, f"_{name}")(step[name])
            if "expect" in step:
                run = self.references[step["prepare"]["run"]]
                assert self.answer(run) == step["expect"], (self.case["name"], step["at"])
                if self._after_prepare:
                    self._after_prepare(run)

    def answer(self, reference: str) -> dict[str, Any]:
        """A run in the form of `expect`."""
        lines = [line for line in self.office.lines(reference) if line.state != "withdrawn"]
        return {
            "total": self.office.run(reference).total_fen,
            "lines": [
                {
                    "household_no": line.household_no,
                    "amount": line.amount_fen,
                    "items": [
                        {
                            "month": format_month(i.month),
                            "kind": i.kind,
                            "amount": i.amount_fen,
                            "persons": i.persons,
                            "rate": i.rate_fen,
                        }
                        for i in line.items
                    ],
                }
                for line in lines
            ],
            "exceptions": [
                {"household_no": no, "reason": reason, "amount": fen}
                for no, reason, fen in self.office.exceptions(reference)
            ],
        }

    def _set_rates(self, rates: list[dict[str, Any]]) -> None:
        by_document: dict[str, list[tuple[str, str, int]]] = {}
        for rate in rates:
            by_document.setdefault(rate["document_no"], []).append(
                (rate["grade"], rate["from_month"], rate["fen"])
            )
        for document_no, rows in by_document.items():
            self.office.rates(*rows, document_no=document_no)

    _rates = _set_rates

    def _name(self, id_number: str) -> str:
        return self._names.setdefault(
            id_number, f"试{'一二三四五六七八九十'[len(self._names) % 10]}"
        )

    def _changes(self, changes: list[dict[str, Any]]) -> None:
        """A household's first approval opens its file, with its first join as the applicant."""
        ledger: list[dict[str, str]] = []
        households: list[dict[str, str]] = []
        members: list[dict[str, str]] = []
        opening: set[str] = set()
        for number, change in enumerate(changes):
            no = change["household_no"]
            if change["change"] == "approve" and no not in self._opened:
                applicant = next(
                    c["id_number"]
                    for c in changes[number:]
                    if c["household_no"] == no and c["change"] == "join"
                )
                households.append(
                    {
                        "household_no": no,
                        "applicant_name": self._name(applicant),
                        "applicant_id": applicant,
                        "grade": change["grade"],
                        "approved_on": change["effective_on"],
                        "account_no": change.get("account_no") or "",
                    }
                )
                self._opened.add(no)
                opening.add(no)
            elif change["change"] == "join" and no in opening and change.get("always"):
                first = not any(m["household_no"] == no for m in members)
                members.append(
                    {
                        "household_no": no,
                        "name": self._name(change["id_number"]),
                        "id_number": change["id_number"],
                        "relation": "self" if first else "other",
                        "counted": "yes" if change["counted"] else "no",
                    }
                )
            else:
                ledger.append(self._ledger_row(change))
        if households:
            self.office.register(households, members)
        if ledger:
            self.office.change(*ledger)

    def _ledger_row(self, change: dict[str, Any]) -> dict[str, str]:
        row = {
            key: str(value)
            for key, value in change.items()
            if key not in ("always", "counted") and value is not None
        }
        if "counted" in change:
            row["counted"] = "yes" if change["counted"] else "no"
            row["name"] = self._name(change["id_number"])
        if change.get("always"):
            row.pop("effective_on")
        return row

    def _prepare(self, prepare: dict[str, str]) -> None:
        run = self.office.prepare(prepare["quarter"], prepare["kind"])
        self.references[prepare["run"]] = run.reference

    def _release(self, release: dict[str, str]) -> None:
        self.office.release(self.references[release["run"]])

    def _cancel(self, cancel: dict[str, str]) -> None:
        self.office.cancel(self.references[cancel["run"]])

    def _withdraw(self, withdraw: dict[str, str]) -> None:
        self.office.withdraw(self.references[withdraw["run"]], withdraw["household_no"])

    def _failed(self, failed: dict[str, Any]) -> None:
        reference = self.references[failed["run"]]
        statuses = {
            line.household_no: "failed" if line.household_no in failed["households"] else "success"
            for line in self.office.lines(reference)
            if line.state == "sent"
        }
        if statuses:
            self.office.answer(reference, statuses)

    def _returned(self, returned: dict[str, Any]) -> None:
        self.office.answer(
            self.references[returned["run"]], dict.fromkeys(returned["households"], "returned")
        )

    def _recovery(self, recovery: dict[str, str]) -> None:
        self.office.choose(recovery["household_no"], recovery["choice"])
