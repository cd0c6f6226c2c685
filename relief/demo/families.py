"""The fifty households of the demo: who lives there, how hard it is for them, where they bank."""

from __future__ import annotations

from dataclasses import dataclass

from relief.demo.people import (
    Person,
    account_number,
    birthday,
    given_name,
    identity_number,
    surname,
)

# Ten households to a township, by number: the grade (deep, relative, accidental), then who lives
# there: s the applicant (self), p a spouse, c a child, e a parent (elder), C a grown child who does
# not count.
_PLAN = (
    "d:spc r:spc   d:se  d:spce r:sp  r:sp d:sp  a:sc  d:spc d:spc",
    "d:sc  r:spceC d:sp  d:s    r:s   r:sp d:spc r:spc r:sp  d:sc",
    "r:sp  d:spc   d:spc a:spc  r:spc d:s  r:s   r:sc  d:spc r:sc",
    "d:spc d:se    r:spc a:s    d:spc r:sp d:sc  d:sp  a:s   r:spcC",
    "d:spc r:se    d:s   a:sp   r:spc d:s  d:sce a:sc  r:s   r:s",
)
_GRADES = {"d": "deep", "r": "relative", "a": "accidental"}
_RELATIONS = {"s": "self", "p": "spouse", "c": "child", "C": "child", "e": "parent"}
_TOWNSHIPS = ("城关镇", "港东镇", "沙头镇", "芦湾乡", "桐溪乡")
_STREETS = ("前街", "后塘", "码头路", "祠堂弄", "新村")
_EMPLOYERS = ("第二棉纺厂", "县阀门厂", "罐头食品厂", "港东渔业公司", "城关搬运社", "农机修造厂")
_CAUSES = {
    "deep": ("大病", "残疾", "大病"),
    "relative": ("下岗失业", "子女上学", "下岗失业"),
    "accidental": ("意外灾害", "意外灾害", "大病"),
}
# Whose card is still one of the old ones, with a number of 15 digits.
OLD_CARDS = frozenset({"H004", "H017", "H042"})


@dataclass(frozen=True)
class Family:
    """A household before anybody has judged it; the applicant is the first member."""

    number: int
    grade: str
    members: tuple[Person, ...]

    @property
    def household_no(self) -> str:
        """The number of its hardship file."""
        return f"H{self.number:03d}"

    @property
    def applicant(self) -> Person:
        """Who asks for the household."""
        return self.members[0]

    @property
    def township(self) -> str:
        """Where they live."""
        return _TOWNSHIPS[(self.number - 1) // 10]

    @property
    def address(self) -> str:
        """The street and the house."""
        return f"{self.township}{_STREETS[self.number % len(_STREETS)]}{self.number * 3}号"

    @property
    def phone(self) -> str:
        """A number by which they are called."""
        return f"0576-8{self.number * 137 % 10_000_000:07d}"

    @property
    def employer(self) -> str:
        """Where the applicant works, or did."""
        return _EMPLOYERS[self.number % len(_EMPLOYERS)]

    @property
    def main_cause(self) -> str:
        """What brought the hardship."""
        return _CAUSES[self.grade][self.number % 3]

    @property
    def account_no(self) -> str:
        """The applicant's account."""
        return account_number(self.number)

    @property
    def bank_name(self) -> str:
        """The branch of the township."""
        return f"县农村信用社{self.township[:2]}分社"

    def member(self, relation: str) -> Person:
        """The first member of a relation."""
        return next(person for person in self.members if person.relation == relation)


def fifty_families() -> list[Family]:
    """All of them, in the order of their numbers."""
    plans = " ".join(_PLAN).split()
    return [_family(number, *plan.split(":")) for number, plan in enumerate(plans, start=1)]


def _family(number: int, grade: str, letters: str) -> Family:
    members = tuple(_person(number, place, letter) for place, letter in enumerate(letters))
    return Family(number, _GRADES[grade], members)


def _person(number: int, place: int, letter: str) -> Person:
    """The applicant is a woman in every third household; children bear their father's name."""
    applicant_is_woman = number % 3 == 0
    counter = number * 4 + place
    woman = {"s": applicant_is_woman, "p": not applicant_is_woman, "C": False}.get(
        letter, counter % 2 == 0
    )
    # A spouse, and the children of a woman, bear the other surname of the household.
    other_surname = letter == "p" or (letter in "cC" and applicant_is_woman)
    name = surname(number + 3 if other_surname else number) + given_name(counter, woman=woman)
    born = birthday(_birth_year(number, letter), counter)
    id_number = identity_number(born, counter, woman=woman)
    return Person(name, id_number, _RELATIONS[letter], letter != "C")


def _birth_year(number: int, letter: str) -> int:
    applicant = 1955 + number * 5 % 18
    years_between = {"s": 0, "p": 1, "c": 30, "C": 25, "e": -26}
    return applicant + years_between[letter]
