"""A few gold questions with answers made by hand: right, wrong, refused, and hostile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.evaluation.judged import Judged
from assistant.evaluation.metrics import judge
from assistant.evaluation.questions import GoldQuestion, Quote
from assistant.evaluation.run import Evaluation
from assistant.evaluation.scorecard import build_scorecard
from assistant.types import Answer, Citation, Figure, ReportRef, Retrieved

REPORT = ReportRef("8fabc22ccca2c171", "2025年松北区政府工作报告", "松北区", 2025)
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\u202e\u2028\ud800 & \"'"


def question(number: int, percent: str = "5.5%", kind: str = "target") -> GoldQuestion:
    quote = f"第{number}项指标增长{percent}左右"
    return GoldQuestion(
        id=f"q {number}",
        question=f"松北区2025年第{number}项指标的目标是多少",
        kind=kind,
        district="松北区",
        year=2025,
        answer=f"增长{percent}左右",
        must_include=((percent,),),
        evidence=(Quote(quote, "000"),),
        tags=("甲",) if number % 2 else (),
    )


def answer(gold: GoldQuestion, percent: str = "5.5%") -> Answer:
    """Say `percent` and cite the paragraph of the evidence; right where the gold question wants that."""
    paragraph = f"2025年主要目标:{gold.evidence[0].quote}。"
    return Answer(
        question=gold.question,
        verdict="answered",
        answer=f"松北区2025年预期目标：增长{percent}左右〔1〕",
        citations=(Citation(1, REPORT, ("二、安排",), paragraph, paragraph, "8fabc22ccca2c171-1-7"),),
        figures=(Figure(percent, float(percent[:-1]), "%", "左右", None, "target", "2025年", 1, "verified"),),
        retrieved=(
            Retrieved(1, 0.25, "8fabc22ccca2c171-1-7", paragraph, REPORT),
            Retrieved(2, 0.75, "8fabc22ccca2c171-1-7", "同一自然段的另一段", REPORT),
            Retrieved(3, 0.5, "8fabc22ccca2c171-1-9", "别的自然段", REPORT),
        ),
        seconds=0.02,
        settings="0123456789ab",
    )


def refused(gold: GoldQuestion) -> Answer:
    return Answer(gold.question, "not_covered", "资料库里没有，不能作答。", seconds=0.01)


def right(number: int) -> Judged:
    gold = question(number)
    return judge(gold, answer(gold), 0.02)


def wrong(number: int) -> Judged:
    gold = question(number)
    return judge(gold, answer(gold, "8.5%"), 0.04)


def refusal(number: int) -> Judged:
    gold = replace(question(number, kind="unanswerable"), must_include=(), evidence=(), answer="", district=None)
    return judge(gold, refused(gold), 0.01)


def hostile(number: int) -> Judged:
    gold = replace(question(number), question=HOSTILE, answer=HOSTILE, id=HOSTILE, tags=(HOSTILE,), history=(HOSTILE,))
    said = replace(
        answer(gold, "8.5%"), question=HOSTILE, answer=HOSTILE, retrieved=(Retrieved(1, 1.0, "p", HOSTILE, REPORT),)
    )
    return judge(gold, said, 0.02)


def evaluation(judged: Sequence[Judged]) -> Evaluation:
    return Evaluation(tuple(judged), build_scorecard(judged, {"llm": "none", "prompts": {}, "commit": None}))
