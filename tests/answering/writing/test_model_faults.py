"""A language model that fails in every way: each question still ends in a cited answer or an honest refusal, and soon."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from assistant import Assistant
from assistant.llm.model import LanguageModel
from tests.answering.writing.worded import PATIENCE, answering, asked
from tests.llm.fault_server import FaultServer

pytest.importorskip("langchain_openai", reason="`pip install '.[dev]' -c constraints.txt` and this runs")

ERRORS = {
    "reset-at-once": "连接不上",
    "401": "不接受密钥",
    "403": "不接受密钥",
    "404": "不存在",
    "429": "正忙",
    "429-wait": "正忙",
    "500": "出错",
    "html": "读不懂",
    "broken-json": "读不懂",
    "truncated": "中途断开",
    "reset": "中途断开",
    "empty": "没有写出内容",
    "bad-utf8": "读不懂",
    "error-inside": "出错",
    "repetition": "没有通过核对",
    "flood": "没有通过核对",
}
HANGS = {"hang": "没有及时回应", "hang-midway": "没有及时回应", "pings": "没有及时回应"}
MODES = {**ERRORS, **HANGS}
ANSWERABLE = (
    "松北区2025年GDP目标是多少",
    "南岗2022年社零目标比道里2023年的高多少",
    "道里怎么优化营商环境,简单说说",
    "六稳具体是稳哪六样?",
    "2022年南岗要建哪三个游园",
    "松北区2024年GDP完成了多少",
    "道里区2023年固定资产投资目标是多少",
    "过去五年南岗和呼兰城镇新增就业分别多少人",
    "南岗自己说发展中还存在哪些问题?",
    "呼兰区2022年计划改造多少老旧小区",
    "松北2025年社零目标跟2024年实际增速比,是高了还是低了?",
    "什么是政区合一",
    "2025年新区的“国际协同孵化”依托什么平台来搞?",
    "道里的街道区划打算怎么调整?",
    "几份报告里年度固投增速目标最高的是谁",
    "南岗区2022年城镇登记失业率目标",
)
REFUSED = ("香坊区2025年GDP目标是多少", "松北区2031年GDP目标是多少", "道里区2023年要建几条地铁", "GDP目标是多少")
SOON = 20.0
"""Seconds, less than the patience of the test: nothing was waited for. The limits of the product are 2 after an error and 10 on a
hang, where `llm_patience` is 8; they hold on a machine that does nothing else."""


@pytest.fixture(scope="module")
def warm(assistant: Assistant) -> Assistant:
    for question in ANSWERABLE[:2]:
        assistant.ask(question)
    return assistant


def always_asked(assistant: Assistant) -> None:
    """Close the breaker, so that the next question meets the fault itself."""
    model: LanguageModel = assistant._writer.model  # type: ignore[union-attr]
    model._breaker.succeeded()  # type: ignore[attr-defined]


def ends_well(assistant: Assistant, faults: FaultServer, question: str, sentence: str) -> float:
    """Ask, hold the answer to what must be, and return the seconds it took."""
    before, started = len(faults.requests), time.monotonic()
    _, _, answer = asked(assistant, question)
    seconds = time.monotonic() - started
    assert answer.answer
    if question in REFUSED:
        assert answer.verdict != "answered"
        assert len(faults.requests) == before
        return 0.0
    assert answer.verdict == "answered"
    assert answer.citations
    assert "〔1〕" in answer.answer
    assert sentence in answer.notice
    assert answer.model == "reader"
    return seconds


@pytest.fixture
def failing(warm: Assistant, faults: FaultServer, request: pytest.FixtureRequest) -> Iterator[Assistant]:
    # Only a silent service needs a short patience, which a busy machine outlasts too.
    patience = PATIENCE if request.param in HANGS else 30
    with answering(warm, faults, request.param, llm_patience=patience) as opened:
        yield opened


@pytest.mark.parametrize(("failing", "mode"), [(mode, mode) for mode in MODES], indirect=["failing"], ids=list(MODES))
def test_a_model_that_fails_leaves_the_extract(failing: Assistant, faults: FaultServer, mode: str) -> None:
    for question in (ANSWERABLE[0], ANSWERABLE[1], REFUSED[0]):
        always_asked(failing)
        assert ends_well(failing, faults, question, MODES[mode]) < SOON


@pytest.mark.slow
@pytest.mark.parametrize(("failing", "mode"), [(mode, mode) for mode in MODES], indirect=["failing"], ids=list(MODES))
def test_a_model_that_fails_leaves_the_extract_for_every_kind_of_question(
    failing: Assistant, faults: FaultServer, mode: str
) -> None:
    for question in (*ANSWERABLE, *REFUSED):
        always_asked(failing)
        assert ends_well(failing, faults, question, MODES[mode]) < SOON


@pytest.mark.parametrize("failing", ["500"], indirect=True)
def test_a_model_that_is_down_is_left_alone_and_asked_again_when_it_is_back(
    failing: Assistant, faults: FaultServer
) -> None:
    for _ in range(5):
        asked(failing, ANSWERABLE[0])
    assert len(faults.requests) == 3
    _, _, answer = asked(failing, ANSWERABLE[0])
    assert "暂时停用" in answer.notice
    assert answer.seconds < SOON
    breaker = failing._writer.model._breaker  # type: ignore[union-attr]
    breaker._shut_until = 0.0  # the pause is over
    faults.override = "ok"
    faults.reply = lambda messages: "松北区2025年地区生产总值的预期目标是增长5.5%。"
    _, _, answer = asked(failing, ANSWERABLE[0])
    assert (answer.model, answer.notice) == ("openai:500", "")


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["hang", "hang-midway", "pings"])
def test_with_the_settings_as_they_are_shipped_nobody_waits_longer_than_ten_seconds(
    warm: Assistant, faults: FaultServer, mode: str
) -> None:
    with answering(warm, faults, mode, llm_patience=8) as hanging:
        assert ends_well(hanging, faults, ANSWERABLE[0], "没有及时回应") <= 10


def test_sentences_that_have_passed_stay_when_the_model_breaks_off(warm: Assistant, faults: FaultServer) -> None:
    with answering(warm, faults, "ok", llm_patience=10) as breaking:
        faults.reply = lambda messages: "南岗区2022年社会消费品零售总额预期目标为增长10%。" + "道里区2023年" * 40
        faults.pause = 0.05
        breaking._writer.model._deadline = 4.0  # type: ignore[union-attr]
        _, texts, answer = asked(breaking, ANSWERABLE[1])
    assert texts[0] == "南岗区2022年社会消费品零售总额预期目标为增长10%〔1〕。"
    assert "增长7%〔原文〕〔2〕" in answer.answer
    assert "3个百分点" in answer.answer
    assert answer.notice
