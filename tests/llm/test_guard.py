from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.llm.failures import Failure
from assistant.llm.guard import CHARACTERS_PER_TOKEN, Fault, Guard


def _read(pieces: list[str], longest: int = 1000, finish: str | None = "stop") -> str:
    guard = Guard(longest)
    return "".join(guard.take(piece) for piece in pieces) + guard.end(finish)


def _fault(pieces: list[str], longest: int = 1000, finish: str | None = "stop") -> Failure:
    with pytest.raises(Fault) as found:
        _read(pieces, longest, finish)
    return found.value.failure


@given(st.lists(st.integers(1, 12), min_size=1))
def test_thoughts_are_left_out_wherever_the_pieces_are_cut(sizes: list[int]) -> None:
    whole = "甲<think>想 a<b </thin </think>乙<thin丙 1<2<"
    pieces: list[str] = []
    while whole:
        size = sizes[len(pieces) % len(sizes)]
        pieces.append(whole[:size])
        whole = whole[size:]
    assert _read(pieces) == "甲乙<thin丙 1<2<"


def test_a_thought_whose_beginning_the_template_had_written_is_no_answer() -> None:
    assert _fault(["先看资料。</thi", "nk>答案是5.5%。"]) is Failure.UNREADABLE


def test_a_thought_that_never_ends_is_no_answer() -> None:
    assert _fault(["<think>想"]) is Failure.EMPTY


@pytest.mark.parametrize(
    "pieces", [["增长5.5%，比上年提高。"] * 7, ["增长5.5%，比上年提高。" * 7 + "然后就好了"], list("哈" * 60)]
)
def test_repetition_is_a_fault_in_pieces_and_in_one(pieces: list[str]) -> None:
    assert _fault(pieces) is Failure.ENDLESS


def test_a_list_whose_lines_are_alike_is_no_repetition() -> None:
    text = "".join(f"{number}. 地区生产总值增长{number}.5%；\n" for number in range(1, 30))
    assert _read([text]) == text


def test_what_is_longer_than_was_asked_for_is_a_fault() -> None:
    text = "".join(chr(0x4E00 + number) for number in range(CHARACTERS_PER_TOKEN * 10))
    assert _read([text], longest=10) == text
    assert _fault([text, "多"], longest=10) is Failure.ENDLESS


@pytest.mark.parametrize("garbage", ["\x00", "\x1b[31m", "\ud83d", chr(0xFFFD), "\x7f"])
def test_a_figure_with_garbage_inside_is_no_figure(garbage: str) -> None:
    assert _fault([f"增长5{garbage}5%"]) is Failure.UNREADABLE


def test_marks_that_nobody_sees_are_left_out() -> None:
    assert _read(["增长\u202e5\u200b.5%\ufeff\n\t完"]) == "增长5.5%\n\t完"


@pytest.mark.parametrize(
    ("finish", "failure"),
    [
        (None, Failure.CUT),
        ("length", Failure.TOO_LONG),
        ("MAX_TOKENS", Failure.TOO_LONG),
        ("content_filter", Failure.REFUSED),
        ("refusal", Failure.REFUSED),
        ("insufficient_system_resource", Failure.BROKEN),
    ],
)
def test_the_services_own_word_on_the_end_is_heard(finish: str | None, failure: Failure) -> None:
    assert _fault(["增长5.5%。"], finish=finish) is failure


@pytest.mark.parametrize("finish", ["stop", "end_turn", "STOP", "eos_token"])
def test_an_end_is_an_end_under_any_of_its_names(finish: str) -> None:
    assert _read(["增长5.5%。"], finish=finish) == "增长5.5%。"
