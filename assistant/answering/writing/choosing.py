"""Whether a model is strong enough to read passages: three questions with made-up passages, put to it once."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass

from assistant.answering.writing.manner import DECLINES
from assistant.answering.writing.prompting import Prompts
from assistant.errors import LanguageModelError
from assistant.llm.model import LanguageModel, Message

logger = logging.getLogger(__name__)

_TODAY = "2025年3月1日"
_REPORTS = "《2025年清河县政府工作报告》（2025年）"
_PASSAGES = """[1] 清河县2024年：地区生产总值完成312.6亿元，增长5.8%；一般公共预算收入增长4.2%。新建改建农村公路126公里。
[2] 清河县2025年计划：地区生产总值增长6%左右，一般公共预算收入增长5%以上。新建标准化厂房30万平方米。
[3] 清河县2025年计划（“加强生态保护”）：完成造林2.4万亩。新建污水处理厂2座。城市空气优良天数比例保持在88%以上。"""


@dataclass(frozen=True)
class Probe:
    """One question of the self-test, and what a model that can read must and must not write."""

    question: str
    intent: str
    must: tuple[str, ...]
    must_not: tuple[str, ...] = ()


PROBES = (
    Probe("清河县2025年GDP增长目标是多少？", "value", (r"6%左右", r"[\[【［]2"), (r"5\.8%",)),
    Probe("清河县2025年要建多少所学校？", "value", (DECLINES.pattern,), (r"\d+所", "30")),
    Probe("清河县2025年在环保方面有哪些安排？", "topic", (r"2\.4万亩", r"2座", r"[\[【［]3", r"\n"), (r"126公里",)),
)


@dataclass(frozen=True)
class Tested:
    """What became of the self-test."""

    passed: tuple[bool, ...]
    error: str = ""
    """Why it could not be made; then the model is asked again later."""

    @property
    def reads(self) -> bool:
        """Whether the model can read passages."""
        return bool(self.passed) and all(self.passed)


def self_test(model: LanguageModel, prompts: Prompts) -> Tested:
    """Put the three questions to a model; the first that it fails ends the test."""
    passed: list[bool] = []
    for probe in PROBES:
        try:
            reply = "".join(model.complete([Message("user", _prompt(probe, prompts))], longest=300))
        except LanguageModelError as error:
            logger.info("The self-test of the language model could not be made: %s", error)
            return Tested(tuple(passed), str(error))
        passed.append(
            all(re.search(words, reply) for words in probe.must)
            and not any(re.search(words, reply) for words in probe.must_not)
        )
        if not passed[-1]:
            break
    return Tested(tuple(passed))


def _prompt(probe: Probe, prompts: Prompts) -> str:
    return prompts.fill(
        "read",
        passages=_PASSAGES,
        facts="",
        history="",
        today=_TODAY,
        reports=_REPORTS,
        question=probe.question,
        way=prompts.way(probe.intent),
        decline=prompts.fill("decline"),
    )
