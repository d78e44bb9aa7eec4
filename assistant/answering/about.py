"""Replies about the assistant itself: a greeting, what it can do, what it holds, how it knows."""

from __future__ import annotations

from assistant.answering import coverage
from assistant.language.folding import fold
from assistant.language.ruleset import read_rules
from assistant.retrieval.question import Question
from assistant.retrieval.shelf import Shelf

RULES = read_rules("asking")
SURE = 0.55
"""Probability from which a question is taken to be about the assistant; below it the reports are asked."""
CAN = "我可以查政府工作报告里的数字和内容，比较不同地方、不同年份，概括报告要点；每句话都注明出处，点开就能看到原文。"
PROOF = "回答里的数字都取自已收录的政府工作报告原文，逐个与所引段落核对过；比较得出的差额由程序计算，并写明算式。点开引用可以看到原句。"
WELCOME = "不客气。还想了解什么，请接着问。"
_MARKS = "。.!！?？~～,，、 …"


def is_about_the_library(question: Question) -> bool:
    """Whether somebody asks about the assistant and its reports rather than what these say."""
    if question.indicators or RULES["what a report sets"].pattern.search(fold(question.text)):
        return False
    asks = not question.terms and bool(RULES["asks what is held"].pattern.search(fold(question.text)))
    return asks or question.asked.probability("intent", "library") >= SURE


def is_thanks(text: str) -> bool:
    """Whether somebody thanks, agrees or takes leave, and asks nothing."""
    bare = fold(text).lower().strip(_MARKS)
    return len(bare) <= 12 and bool(RULES["thanks"].pattern.search(bare))


def is_greeting(text: str) -> bool:
    """Whether somebody greets, and asks nothing."""
    return bool(RULES["greeting"].pattern.search(fold(text).lower().strip(_MARKS)))


def reply(question: Question, shelf: Shelf) -> str:
    """Return what is said to a greeting, to thanks, or to a question about the assistant."""
    if is_thanks(question.text):
        return WELCOME
    if is_greeting(question.text):
        return f"您好！{CAN}{coverage.held(shelf)}"
    if RULES["asks for proof"].pattern.search(fold(question.text)):
        return PROOF
    if question.subject_regions:
        return _held_of(question.subject_regions, shelf)
    if RULES["asks what is held"].pattern.search(fold(question.text)):
        return coverage.held(shelf)
    return f"{CAN}{coverage.held(shelf)}"


def _held_of(regions: tuple[str, ...], shelf: Shelf) -> str:
    told = []
    for region in regions:
        years = sorted({report.report_year for report in shelf.of_region(region)})
        told.append(f"已收录{region}{'、'.join(map(str, years))}年的报告。" if years else f"没有收录{region}的报告。")
    return "".join(told)
