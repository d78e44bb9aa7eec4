"""The text of an answer as HTML: paragraphs, a list where it enumerates, a table where it compares, marks where they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.types import Answer, Figure
from assistant.web.page.figures import ROLES, cite, strong
from assistant.web.page.marking import CITE_MARK, VERBATIM_MARK, Span, figure_spans_in_answer, occurrences
from assistant.web.page.markup import attribute, text, woven

_VERBATIM = "这一句是报告原文"
_SIDE = re.compile(r"([^：〔〕]{2,40})：([^〔〕]{1,60})〔(\d{1,3})〕")
"""One side of a comparison: whose and when, what, and the mark."""
_LISTED = re.compile(r"(?:([^：〔〕]{2,40})：)?((?:[^〔〕；]+〔\d{1,3}〕；){2,}[^〔〕；]+〔\d{1,3}〕)[。]?")
_FIRST = ("比较：", "最高的是", "最低的是")
"""How lines begin that say what the sides come to: they are the answer and go before its table."""


@dataclass(frozen=True, slots=True)
class _Side:
    lead: str
    value: str
    citation: int


def answer_html(answer: Answer, number: int) -> str:
    """The whole answer; `number` is that of its exchange. The words stay as they are, only 比较 moves before its table."""
    told = [line for line in answer.answer.splitlines() if line.strip()]
    sides = [_side(line, answer) for line in told]
    table = [side for side in sides if side]
    if len(table) < 2:
        return "".join(_line(line, answer, number) for line in told)
    first = [line for line in told if line.startswith(_FIRST)]
    html = [_line(line, answer, number) for line in first]
    at = sides.index(table[0])
    for place, line in enumerate(told):
        if place == at:
            html.append(_table(table, answer, number))
        if not sides[place] and line not in first:
            html.append(_line(line, answer, number))
    return "".join(html)


def compares(answer: Answer) -> bool:
    """Whether two lines or more each tell one side of a comparison."""
    return sum(bool(_side(line, answer)) for line in answer.answer.splitlines()) > 1


def _side(line: str, answer: Answer) -> _Side | None:
    match = _SIDE.fullmatch(line.strip())
    known = {citation.number for citation in answer.citations}
    return _Side(match[1], match[2], int(match[3])) if match and int(match[3]) in known else None


def _line(line: str, answer: Answer, number: int) -> str:
    listed = _LISTED.fullmatch(line.strip())
    if not listed:
        return f"<p>{_words(line, answer, number)}</p>"
    lead = f"<p>{_words(listed[1], answer, number)}：</p>" if listed[1] else ""
    items = "".join(f"<li>{_words(item, answer, number)}</li>" for item in listed[2].split("；"))
    return f"{lead}<ol>{items}</ol>"


def _table(sides: list[_Side], answer: Answer, number: int) -> str:
    """A row a side; what all sides share goes into the caption where the leads can be taken apart."""
    parts = [_parts(side, answer) for side in sides]
    split = [part for part in parts if part]
    shared = {part[2] for part in split}
    apart = len(split) == len(sides) and len(shared) == 1
    if not apart:
        head = '<tr><th scope="col">项目</th><th scope="col">报告表述</th></tr>'
        rows = [f'<th scope="row">{text(side.lead)}</th>' for side in sides]
        caption = ""
    else:
        head = '<tr><th scope="col">地区</th><th scope="col">时间</th><th scope="col">报告表述</th></tr>'
        rows = [f'<th scope="row">{text(place)}</th><td>{text(time)}</td>' for place, time, _ in split]
        caption = f"<caption>{text(shared.pop())}</caption>"
    body = "".join(
        f"<tr>{row}<td{_measured(side, answer)}>{_words(side.value, answer, number)}{cite(number, side.citation)}</td></tr>"
        for row, side in zip(rows, sides, strict=True)
    )
    look = "zw-table zw-sides" if apart else "zw-table"
    return f'<table class="{look}">{caption}<thead>{head}</thead><tbody>{body}</tbody></table>'


def _measured(side: _Side, answer: Answer) -> str:
    """The number of a cell for the bar that is drawn in it, where the side tells just one."""
    told = {(f.value, f.unit) for f in answer.figures if f.citation == side.citation and occurrences(f, side.value)}
    if len(told) != 1:
        return ""
    value, unit = told.pop()
    return f' data-value="{value:.4f}" data-unit="{attribute(unit)}"'


def _parts(side: _Side, answer: Answer) -> tuple[str, str, str] | None:
    """Place, time and what is told of a lead such as 松北区2025年地区生产总值预期目标."""
    citation = next(citation for citation in answer.citations if citation.number == side.citation)
    rest = side.lead.removeprefix(citation.report.region)
    figure = next((f for f in answer.figures if f.citation == side.citation and f.period), None)
    if rest == side.lead or figure is None or not rest.startswith(figure.period or " "):
        return None
    return citation.report.region, figure.period or "", rest.removeprefix(figure.period or "") or ROLES[figure.role]


def _words(line: str, answer: Answer, number: int) -> str:
    """Figures set off, each mark that has a passage a link to it, the report's own sentences with a badge."""
    known = {citation.number for citation in answer.citations}
    spans: list[tuple[Span, str]] = []
    figures: dict[Span, Figure] = {}
    for figure in answer.figures:
        for span in figure_spans_in_answer(line, [figure]):
            figures.setdefault(span, figure)
    for span in figure_spans_in_answer(line, answer.figures):
        spans.append((span, strong(figures[span], line[slice(*span)])))
    spans += [(m.span(), cite(number, int(m[1]))) for m in CITE_MARK.finditer(line) if int(m[1]) in known]
    badge = f'<span class="zw-verbatim" role="img" title="{_VERBATIM}" aria-label="{_VERBATIM}">原文</span>'
    spans += [(match.span(), badge) for match in VERBATIM_MARK.finditer(line)]
    return woven(line, spans)
