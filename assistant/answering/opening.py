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

_RULES = read_rules("asking")
_ASKS = _RULES["asks about the giving of a report"].pattern
_ASKS_OFFICE = _RULES["asks who holds an office"].pattern
_SPEAKER = re.compile(
    r"(?:(?<=\n)|^)[^\n,，。]{0,16}(?P<office>省长|市长|区长|县长|州长|旗长|主席|总理)[ \u3000:：]*[\u4e00-\u9fff][ \u3000]?[\u4e00-\u9fff]{1,3}(?:[ \u3000]*(?=\n|$))"
)
_MEETING = re.compile(r"(?:——)?[^\n。]{0,24}(?:人民代表大会|会议)[^。]{0,24}?会议?上?")
_WHEN = read_rules("asking")["asks for a time"].pattern
_WHICH_MEETING = _RULES["asks which meeting"].pattern
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
                said = _in_one_line(paragraph.text[slice(*span)])
                lead = f"{report.region}{report.report_year}年报告"
                told.append(Finding(report, paragraph, span, span, lead=lead, said=said))
        if told:
            return told
    return []


def _in_one_line(text: str) -> str:
    """The words without the blanks that set them out: 市长 李 岩松; and with a comma between day and meeting."""
    bare = re.sub(r"[ \u3000\n]+", "", text)
    return re.sub(rf"^({_DATE.pattern})(?=在)", r"\1，", bare)


def _wanted(question: Question) -> list[Callable[[Question, str], Span | None]]:
    """What of the opening is asked for."""
    asked = fold(question.text)
    who = question.shape == "who" or bool(_ASKS_OFFICE.search(asked)) or "谁" in asked or "哪位" in asked
    when = bool(_WHEN.search(asked) or _WHICH_MEETING.search(asked)) or not who
    return [*([_speaker] if who else []), *([_occasion] if when else [])]


def _speaker(question: Question, text: str) -> Span | None:
    office = re.search(r"[省市区县州旗]长|主席|总理|书记|主任", question.text)
    speaker = _SPEAKER.search(fold(text))
    if speaker is None or (office and office.group() not in speaker.group()):
        return None
    return speaker.start(), speaker.end()


def _occasion(question: Question, text: str) -> Span | None:
    meeting = _MEETING.search(text)
    if meeting is None:
        return None
    # The title may have the day as well; the one beside the meeting is meant.
    days = [date.start() for date in _DATE.finditer(fold(text)) if -40 < date.start() - meeting.start() < 40]
    start = max((day for day in days if day < meeting.end()), default=meeting.start())
    return start, meeting.end()
