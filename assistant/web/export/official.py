"""A citation as official writing has it: 《2025年哈尔滨市松北区政府工作报告》“二、2025年工作安排”：“……”。"""

from __future__ import annotations

import re

from assistant.language.folding import fold
from assistant.types import Citation

_ENDS = re.compile(r"[\s，,、；;：:。—]+$")
_ITEM = re.compile(r"^(?:\d{1,3}[.、](?!\d)|[(（]\d{1,3}[)）]|——+)\s*")
"""The number or dash of an item of a list, which is no part of its words."""
_MARKS = str.maketrans({";": "；", "?": "？", "!": "！", "(": "（", ")": "）"})
_INNER = str.maketrans("“”‘’", "‘’“”")
"""Within quotation marks the inner ones are single, and those within them double again (GB/T 15834)."""


def official_citation(citation: Citation, report_title: str | None = None) -> str:
    """The report, the part of it that the words stand in, and the words; a text of one line.

    The part is the outermost heading: it says whether the words look back or plan ahead. Marks become full-width, inner quotation
    marks single; letters and figures stay as they are.
    """
    title = _in_one_line(report_title or citation.report.title).strip("《》")
    title = full_width(title).replace("《", "〈").replace("》", "〉")
    own = fold(title)
    headings = [heading for heading in map(_in_one_line, citation.headings) if heading and fold(heading) != own]
    source = f"《{title}》" + (f"“{_inside(headings[0])}”" if headings else "")
    quote = _inside(_ITEM.sub("", _in_one_line(citation.quote)))
    if not quote:
        return f"{source}。"
    return f"{source}：“{quote}”" + ("" if quote[-1] in "？！" else "。")


def _inside(text: str) -> str:
    """Text fit to stand in quotation marks."""
    text = _straight_marks_curled(full_width(_ENDS.sub("", text)))
    return re.sub(r"(?<=[\u4e00-\u9fff])\.$", "", text).translate(_INNER)


def _straight_marks_curled(text: str) -> str:
    """「"」 as opening and closing marks in turn, where there is one of each."""
    parts = text.split('"')
    if len(parts) % 2 == 0:
        return text
    return "".join(part + ("" if at == len(parts) - 1 else "“”"[at % 2]) for at, part in enumerate(parts))


def full_width(text: str) -> str:
    """The text with Chinese marks in the place of half-width ones; 1,029.8 and 8:30 stay as they are."""
    text = re.sub(r"(?<!\d),|,(?!\d)", "，", text)
    text = re.sub(r"(?<!\d):(?!//)|:(?![\d/])", "：", text)
    return text.translate(_MARKS)


def _in_one_line(text: str) -> str:
    return (
        re.sub(r"(?<=[\x21-\x7e])\s*[\r\n]+\s*(?=[\x21-\x7e])", " ", text).replace("\n", "").replace("\r", "").strip()
    )
