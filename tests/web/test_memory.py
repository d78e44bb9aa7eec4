"""What the browser keeps of a conversation: what was written comes back, anything else is no conversation."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from assistant.types import Answer, Citation, Figure, ReportRef, Retrieved, Writing
from assistant.web.page import memory
from assistant.web.page.memory import Conversation
from assistant.web.page.thread import KEPT, Exchange, Thread

NAME = "0123456789abcdef"

SONGBEI = ReportRef("8fabc22ccca2c171", "2025年哈尔滨市松北区政府工作报告", "松北区", 2025)


def answered(number: int = 1, paragraph: str = "地区生产总值增长5.5%。") -> Exchange:
    answer = Answer(
        "松北区2025年GDP目标是多少",
        "answered",
        "增长5.5%〔原文〕〔1〕。",
        (Citation(1, SONGBEI, ("二、2025年工作安排",), paragraph, "地区生产总值增长5.5%。", "p-1"),),
        (Figure("5.5%", 5.5, "%", None, "地区生产总值", "target", "2025年", 1, "verified"),),
        (Retrieved(1, 0.5, "p-1", paragraph, SONGBEI),),
        model="demo:qwen",
        alternatives=("松北区2023年GDP目标是多少",),
        writing=Writing("demo:qwen", "0123456789ab", kept=1),
    )
    return Exchange(number, answer.question, answer)


def without_search(exchange: Exchange) -> Exchange:
    assert exchange.answer
    return replace(exchange, answer=replace(exchange.answer, retrieved=()))


def kept(thread: Thread) -> str:
    return memory.kept(Conversation(NAME, thread))


def test_a_conversation_comes_back_with_its_name_and_citations_and_what_was_searched_for_the_last_answer() -> None:
    failed = Exchange(2, "这个会出错", notice="抱歉", tone="error")
    thread = (answered(), failed, answered(3))
    assert memory.recalled(kept(thread)) == Conversation(NAME, (without_search(answered()), failed, answered(3)))
    assert kept(()) == f'["{NAME}",[]]'
    assert memory.recalled(kept(())) == Conversation(NAME)


@pytest.mark.parametrize("character", ["字", '"', "\n", "𠮷"])
def test_the_newest_exchanges_are_kept_as_far_as_they_fit(character: str) -> None:
    thread = tuple(answered(number, character * 700) for number in range(1, KEPT + 1))
    text = kept(thread)
    assert len(json.dumps(text, ensure_ascii=False).encode()) <= memory.LIMIT
    back = memory.recalled(text).exchanges
    assert tuple(map(without_search, back)) == tuple(map(without_search, thread[-len(back) :]))
    assert 3 <= len(back) < KEPT


def test_an_exchange_that_is_too_large_or_cannot_be_written_is_not_kept() -> None:
    assert kept((answered(1), answered(2, "字" * 20_000))) == kept(())
    assert memory.recalled(kept((Exchange(1, "\ud800"), answered(2)))).exchanges == (answered(2),)


def changed(change: Callable[[str], str]) -> str:
    text = kept((answered(),))
    assert memory.recalled(text).exchanges
    assert change(text) != text
    return change(text)


@pytest.mark.parametrize(
    "text",
    [
        None,
        7,
        [],
        {"number": 1},
        "",
        "null",
        "{}",
        "[1]",
        "[" * 10_000,
        "\ud800",
        '["\ud800"]',
        " " * 50_000 + "[]",
        changed(lambda text: text[:-10]),
        changed(lambda text: text.replace('"number":1,"question"', '"number":"1","question"', 1)),
        changed(lambda text: text.replace('"number":1,"question"', '"number":0,"question"', 1)),
        changed(lambda text: text.replace('"number":1,"question"', f'"number":{"9" * 4000},"question"', 1)),
        changed(lambda text: text.replace('"number":1,"question"', '"more":1,"number":1,"question"', 1)),
        changed(lambda text: text.replace('"verdict":', '"more":1,"verdict":')),
        changed(lambda text: text.replace('"answered"', '"believed"')),
        changed(lambda text: text.replace('"value":5.5', '"value":NaN')),
        changed(lambda text: text.replace('"value":5.5', '"value":"5.5"')),
        changed(lambda text: text.replace('"kept":1', '"kept":true')),
        changed(lambda text: text.replace('"report_year":2025', f'"report_year":{"9" * 5000}')),
        changed(lambda text: f"{text[:-2]},{text[len(NAME) + 5 :]}"),
        changed(lambda text: text.replace(NAME, "../" + NAME)),
        changed(lambda text: text.replace(f'"{NAME}"', "7")),
    ],
)
def test_anything_else_is_no_conversation(text: object) -> None:
    assert memory.recalled(text).exchanges == ()
    assert memory.recalled(text).id not in {NAME, memory.recalled(text).id}


def test_a_thread_longer_than_the_page_ever_keeps_is_none() -> None:
    thread: Thread = tuple(Exchange(number, "问") for number in range(1, KEPT + 2))
    assert memory.recalled(kept(thread)).exchanges == ()
    assert memory.recalled(kept(thread[1:])).exchanges == thread[1:]
