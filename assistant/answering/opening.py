"""Who gave a report, when and at which meeting: read from the lines before 「各位代表」."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.answering.finding import Finding
from assistant.language.folding import fold
from assistant.language.ruleset import read_rules
from assistant.language.sentences import Span
from assistant.retrieval.question import Question
from assistant.retrieval.shelf import Shelf

_ASKS = re.compile(
    r"报告[^,，]{0,14}(?:谁|哪天|哪一天|什么时候|何时|几月|哪次|会议|会上|日期)|(?:谁|哪天|哪次会议|什么会议)[^,，]{0,8}报告"
)
_ASKS_OFFICE = re.compile(
    r"(?:[省市区县州旗]长|主席|总理|书记|主任|领导)[^,，]{0,4}(?:谁|哪位|什么名字|姓名)|谁[^,，]{0,6}(?:[省市区县州旗]长|主席|总理|书记)"
)
_SPEAKER = re.compile(
    r"(?:(?<=\n)|^)[^\n,，。]{0,16}(?P<office>省长|市长|区长|县长|州长|旗长|主席|总理)[ \u3000:：]*[\u4e00-\u9fff][ \u3000]?[\u4e00-\u9fff]{1,3}(?:[ \u3000]*(?=\n|$))"
)
_MEETING = re.compile(r"(?:——)?[^\n。]{0,24}(?:人民代表大会|会议)[^。]{0,24}?会议?上?")
_WHEN = read_rules("asking")["asks for a time"].pattern
_WHICH_MEETING = re.compile(r"哪次|什么会|会上")
_DATE = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
OPENING_PARAGRAPHS = 3


def is_about_the_report(question: Question) -> bool:
    """Whether a question asks for the report's speaker, day or meeting, or for who holds the office."""
    return bool(_ASKS.search(fold(question.text)) or _ASKS_OFFICE.search(fold(question.text)))


def about_the_report(question: Question, report_ids: Sequence[str], shelf: Shelf) -> list[Finding]:
    """Return the opening lines that tell, of the newest report that has any: the speaker, day and meeting, or both; else nothing."""
    for report_id in sorted(report_ids, key=lambda identity: -shelf.reports[identity].report_year):
        report, told = shelf.reports[report_id], []
        for find in _wanted(question):
            spans = ((p, find(question, p.text)) for p in shelf.paragraphs(report_id)[:OPENING_PARAGRAPHS])
            paragraph, span = next(((p, span) for p, span in spans if span is not None), (None, None))
            if paragraph is not None and span is not None:
                told.append(Finding(report, paragraph, span, span, lead=f"{report.region}{report.report_year}年报告"))
        if told:
            return told
    return []


def _wanted(question: Question) -> list[Callable[[Question, str], Span | None]]:
    """What of the opening is asked for."""
    asked = fold(question.text)
    who = question.shape == "who" or "谁" in asked or "哪位" in asked
    when = bool(_WHEN.search(asked) or _WHICH_MEETING.search(asked)) or not who
    return [*([_speaker] if who else []), *([_occasion] if when else [])]


def _speaker(question: Question, text: str) -> Span | None:
    office = re.search(r"[省市区县州旗]长|主席|总理|书记|主任", question.text)
    speaker = _SPEAKER.search(fold(text))
    if speaker is None or (office and office.group() not in speaker.group()):
        return None
    return speaker.start(), speaker.end()


def _occasion(question: Question, text: str) -> Span | None:
    date, meeting = _DATE.search(fold(text)), _MEETING.search(text)
    if meeting is None:
        return None
    start = min(meeting.start(), date.start()) if date and abs(date.start() - meeting.start()) < 40 else meeting.start()
    return start, meeting.end()
