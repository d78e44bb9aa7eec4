"""The only place where HTML is made. What comes from a report, a user or a model is text and is escaped here.

Two walls: each text is escaped as it enters, then the whole is cleaned with an allow-list of the very tags and attributes used
below. The result stands on one line: the page hands it to a Markdown component, for which a block of HTML ends at an empty line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

import nh3

from assistant.types import Answer, Citation, Report
from assistant.web.marking import CITE_MARK, Span, figure_spans_in_answer, figure_spans_in_quote, quote_span
from assistant.web.thread import Exchange

_ATTRIBUTES = {
    "a": {"class", "href", "aria-label"},
    "article": {"class", "id", "tabindex", "aria-label"},
    "details": {"class", "open"},
    "div": {"class", "id", "tabindex"},
    "p": {"class"},
    "span": {"class"},
    "strong": {"class"},
    "ul": {"class"},
}
_TAGS = {*_ATTRIBUTES, "b", "br", "h1", "h2", "h3", "li", "mark", "ol", "summary"}
_VALUES = {
    "class": re.compile(r"zw-[a-z-]+( zw-[a-z-]+)*"),
    "href": re.compile(r"#zw-[a-z]\d+(-\d+)?|evaluation"),
    "id": re.compile(r"zw-[a-z]\d+(-\d+)?"),
    "tabindex": re.compile(r"-1"),
    "open": re.compile(r""),
}
_LINES = re.compile(r"\r\n|[\n-\r\x1c-\x1e\x85\u2028\u2029]")
# Control characters have no look; direction overrides could show 5.5% as 5.5% that was never written.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")

_VERDICTS = {"not_covered": "资料未收录", "needs_clarification": "请补充说明"}
_EXTRACT = "原文摘录，未经大模型改写"


def head_html() -> str:
    """What this page is, in one sentence."""
    sentence = "向政府工作报告提问，得到的每个回答、每个数字都附有报告原文，可以当场核对。"
    return _clean(f'<div class="zw-head"><h1>政问</h1><p>{sentence}</p></div>')


def foot_html() -> str:
    """The way to the evaluation page, below everything that somebody who asks needs."""
    return _clean('<p class="zw-links"><a href="evaluation">评测回答质量</a></p>')


def welcome_html() -> str:
    """What to do here, for someone who has not asked anything yet."""
    steps = (
        "在上面写下问题，说清是哪个区、哪一年，然后点“提问”。",
        "看回答。红色的是数字，〔1〕是出处的编号。",
        "点一下编号，就能看到报告原文：引用的句子是浅黄色，数字是深黄色。",
    )
    listed = "".join(f"<li>{step}</li>" for step in steps)
    return _clean(f'<div class="zw-welcome"><h2>怎么用</h2><ol>{listed}</ol></div>')


def exchange_html(exchange: Exchange) -> str:
    """One question with its answer or the sentence that stands in for it, without the passages."""
    return _clean(_exchange(exchange))


def pending_html(question: str, so_far: str = "") -> str:
    """The question while it is worked on, with the words that have come so far."""
    body = _lines(so_far) if so_far.strip() else '<p class="zw-waiting">正在查找原文……</p>'
    return _clean(f'{_question(question)}<div class="zw-answer zw-busy">{body}</div>')


def note_html(sentence: str) -> str:
    """A kind word that belongs to no question."""
    return _clean(f'<div class="zw-notice">{_lines(sentence)}</div>')


def thanks_html(sentence: str) -> str:
    """A word of thanks, quieter than a note."""
    return _clean(f'<p class="zw-thanks">{_text(sentence)}</p>')


def citations_html(exchange: Exchange) -> str:
    """The cited passages, one card each; empty when nothing is cited."""
    cards = _cards(exchange)
    return _clean(f"<h2>所引原文</h2>{cards}") if cards else ""


def earlier_html(exchanges: Sequence[Exchange]) -> str:
    """The exchanges before the last one, newest first, each folded under its question."""
    if not exchanges:
        return ""
    folded = "".join(
        f'<details class="zw-earlier"><summary>{_text(exchange.question)}</summary>{_exchange(exchange)}{_cards(exchange)}</details>'
        for exchange in reversed(exchanges)
    )
    return _clean(f"<h2>先前的提问</h2>{folded}")


def reports_html(reports: Iterable[Report], *, opened: bool) -> str:
    """The covered reports by place, then year."""
    listed = sorted(reports, key=lambda report: (report.region, -report.report_year, report.title))
    rows = "".join(
        f'<li><b>{_text(report.region)}</b> <span class="zw-year">{report.report_year}年</span> '
        f'<span class="zw-title">{_text(report.title)}</span></li>'
        for report in listed
    )
    body = f'<ul class="zw-reports">{rows}</ul>' if rows else "<p>还没有收录任何报告。</p>"
    return _clean(
        f'<details class="zw-covered"{" open" if opened else ""}><summary>已收录的报告（{len(listed)}份）</summary>{body}</details>'
    )


def _exchange(exchange: Exchange) -> str:
    head = _question(exchange.question)
    if exchange.answer is None:
        tone = "zw-notice zw-error" if exchange.tone == "error" else "zw-notice"
        return f'{head}<div class="{tone}">{_lines(exchange.notice)}<p class="zw-hint">可以再问一次：</p></div>'
    answer = exchange.answer
    understood = f'<p class="zw-understood">理解为：{_text(answer.understood)}</p>' if answer.understood else ""
    verdict = _VERDICTS.get(answer.verdict)
    badge = f'<p class="zw-verdict">{verdict}</p>' if verdict else ""
    # Written from the catalogue, a reply without citations is no extract: it carries no label.
    label = f'<p class="zw-label">{_label(answer)}</p>' if answer.citations else ""
    body = _answer_text(answer, exchange.number)
    body += '<p class="zw-hint">可以这样问：</p>' if answer.suggestions else ""
    anchor = f'id="zw-a{exchange.number}" tabindex="-1"'
    return f'{head}<div class="zw-answer" {anchor}>{understood}{badge}{body}{label}</div>'


def _label(answer: Answer) -> str:
    if answer.model == "reader":
        return _EXTRACT
    return f"AI生成（{_text(answer.model)}），数字已与原文核对，请以所引原文为准"


def _question(question: str) -> str:
    return f'<p class="zw-question"><span class="zw-who">问</span>{_text(question)}</p>'


def _answer_text(answer: Answer, number: int) -> str:
    """The answer with its figures set off and each mark that has a passage made into a link to it."""
    known = {citation.number for citation in answer.citations}
    paragraphs = []
    for line in filter(str.strip, answer.answer.splitlines()):
        spans: list[tuple[Span, str]] = []
        for status, look in (("verified", "zw-figure"), ("computed", "zw-computed")):
            figures = [figure for figure in answer.figures if figure.status == status]
            spans += [
                (span, f'<strong class="{look}">{_text(line[slice(*span)])}</strong>')
                for span in figure_spans_in_answer(line, figures)
            ]
        spans += [
            (match.span(), _cite(number, int(match[1]))) for match in CITE_MARK.finditer(line) if int(match[1]) in known
        ]
        paragraphs.append(f"<p>{_woven(line, spans)}</p>")
    return "".join(paragraphs)


def _cite(number: int, citation: int) -> str:
    label = f"看第{citation}条所引原文"
    return f'<a class="zw-cite" href="#zw-c{number}-{citation}" aria-label="{label}">〔{citation}〕</a>'


def _cards(exchange: Exchange) -> str:
    answer = exchange.answer
    return "".join(_card(answer, citation, exchange.number) for citation in answer.citations) if answer else ""


def _card(answer: Answer, citation: Citation, number: int) -> str:
    headings = " › ".join(_text(heading) for heading in citation.headings)
    return (
        f'<article class="zw-card" id="zw-c{number}-{citation.number}" tabindex="-1" aria-label="第{citation.number}条所引原文">'
        f'<h3><span class="zw-number">〔{citation.number}〕</span>{_text(citation.report.title)}</h3>'
        f'<p class="zw-where"><span class="zw-year">{citation.report.report_year}年报告</span> '
        f"{_text(citation.report.region)}{' · ' if headings else ''}{headings}</p>"
        f'<p class="zw-paragraph">{_paragraph(answer, citation)}</p>'
        f'<p class="zw-back"><a href="#zw-a{number}">↑ 回到回答</a></p></article>'
    )


def _paragraph(answer: Answer, citation: Citation) -> str:
    """The whole paragraph, word for word: the quoted sentence marked lightly, the figures in it strongly."""
    quote = quote_span(citation)
    if quote is None:
        return _text(citation.paragraph)
    start, end = quote
    marks = [
        ((first - start, last - start), f"<mark>{_text(citation.paragraph[first:last])}</mark>")
        for first, last in figure_spans_in_quote(citation, answer.figures)
    ]
    marked = _woven(citation.paragraph[start:end], marks)
    return f'{_text(citation.paragraph[:start])}<span class="zw-quote">{marked}</span>{_text(citation.paragraph[end:])}'


def _woven(text: str, replacements: Iterable[tuple[Span, str]]) -> str:
    """`text` escaped, with ready HTML in place of the given spans; a span that overlaps an earlier one is left out."""
    pieces, position = [], 0
    for (start, end), html in sorted(replacements):
        if start >= position:
            pieces += [_text(text[position:start]), html]
            position = end
    return "".join([*pieces, _text(text[position:])])


def _lines(text: str) -> str:
    return "".join(f"<p>{_text(line)}</p>" for line in filter(str.strip, text.splitlines()))


def _text(raw: str) -> str:
    """Foreign text as inert HTML on one line; its own line breaks are kept as `<br>`."""
    lines = _LINES.split(raw.encode("utf-8", "replace").decode("utf-8").replace("\t", " "))
    return "<br>".join(escape(_UNSEEN.sub("", line)) for line in lines)


def _attribute(tag: str, name: str, value: str) -> str | None:
    pattern = _VALUES.get(name)
    return value if pattern is None or pattern.fullmatch(value) else None


def _clean(html: str) -> str:
    return nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, attribute_filter=_attribute, url_schemes=set(), link_rel=None
    )
