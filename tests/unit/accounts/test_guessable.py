"""Which passwords are among the first that are tried."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relief.accounts.guessable import is_guessable
from relief.accounts.refusals import password_problems

COMMON = [
    "aaaaaaaaaaaa", "!!!!!!!!!!!!", "            ", "123456789012", "987654321098", "qwertyuiop12",
    "poiuytrewq12", "1qaz2wsx3edc", "abcdefghijkl", "abcabcabcabc", "Password1234", "P@ssw0rd!2026",
    "p455w0rd+++1", "ｐａｓｓｗｏｒｄ１２３４", "relief2026!!", "RELIEF-relief", "工会工会工会工会",
    "困难职工帮扶中心2026", "密码密码密码123456", "chen chen chen", "CHENchen2005",
    "ch3n-ch3n-ch3n", "adminadmin12", "iloveyou1314520", "woaini5201314", "20050101 2005",
]  # fmt: skip
GOOD = [
    "correct horse battery", "three violet kettles", "zq7f-mmap-tt0x", "Tr0ub4dor&3xx",
    "今天天气很好我们去吃面条吧", "my password is a poem", "relief for nobody else",
]  # fmt: skip


@pytest.mark.parametrize("password", COMMON)
def test_common_password_is_guessable(password: str) -> None:
    assert is_guessable(password, "chen")


@pytest.mark.parametrize("password", GOOD)
def test_words_that_do_not_belong_together_are_good(password: str) -> None:
    assert not is_guessable(password, "chen")
    assert list(password_problems(password, "chen")) == []


def test_name_of_another_user_is_no_word_that_everybody_tries() -> None:
    assert not is_guessable("marigold marigold", "chen")
    assert is_guessable("marigold marigold", "marigold")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("x7-kettles!", "user.password"),  # 11
        ("x7-kettles!!" + "z" * 188, ""),
        ("x7-kettles!!" + "z" * 189, "user.password"),
        ("relief123456", "user.password_common"),
    ],
)
def test_length_is_asked_first_and_then_whether_it_is_guessable(password: str, code: str) -> None:
    assert [problem.code for problem in password_problems(password, "chen")] == [code] * bool(code)


@given(st.text(min_size=12, max_size=200), st.text(max_size=32))
def test_every_password_can_be_judged(password: str, username: str) -> None:
    assert is_guessable(password, username) in (True, False)


@given(st.sampled_from(COMMON), st.sampled_from(["", "!!", " 2026", "123456"]))
def test_common_password_stays_so_with_what_is_hung_on_it(password: str, more: str) -> None:
    assert is_guessable(password + more, "chen")
