"""The only place where HTML is made. What comes from a report, a user or a model is text and is escaped here.

Two walls, both in `markup`: each text is escaped as it enters, then the whole is cleaned with an allow-list of the very tags and
attributes used below.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.types import Answer, Citation, Report
from assistant.web.marking import (
    CITE_MARK,
    VERBATIM_MARK,
    Span,
    figure_spans_in_answer,
    figure_spans_in_quote,
    quote_span,
)
from assistant.web.markup import clean, lines, text, woven
from assistant.web.thread import Exchange

_VERDICTS = {"not_covered": "资料未收录", "needs_clarification": "请补充说明"}
_EXTRACT = "原文摘录，未经大模型改写"
_VERBATIM = "这一句是报告原文"


def head_html() -> str:
    """What this page is, in one sentence."""
    sentence = "向政府工作报告提问，得到的每个回答、每个数字都附有报告原文，可以当场核对。"
    return clean(f'<div class="zw-head"><h1>政问</h1><p>{sentence}</p></div>')


def foot_html() -> str:
    """The way to the evaluation page, below everything that somebody who asks needs."""
    return clean('<p class="zw-links"><a href="evaluation">评测回答质量</a></p>')


def welcome_html() -> str:
    """What to do here, for someone who has not asked anything yet."""
    steps = (
        "在上面写下问题，说清是哪个区、哪一年，然后点“提问”。",
        "看回答。红色的是数字，〔1〕是出处的编号。",
        "点一下编号，就能看到报告原文：引用的句子是浅黄色，数字是深黄色。",
    )
    listed = "".join(f"<li>{step}</li>" for step in steps)
    return clean(f'<div class="zw-welcome"><h2>怎么用</h2><ol>{listed}</ol></div>')


def asked_html(exchange: Exchange) -> str:
    """The question, and how it was taken as far as that is known."""
    return clean(_question(exchange.question) + _understood(exchange.answer))


def reply_html(exchange: Exchange) -> str:
    """The answer or the sentence that stands in for it, without question and passages."""
    return clean(_reply(exchange))


def pending_html(exchange: Exchange, so_far: str = "") -> str:
    """The words that have come so far; laid out as the answer will be where a preview is at hand as the exchange's answer."""
    if exchange.answer is None:
        body = lines(so_far) or '<p class="zw-waiting">正在查找原文……</p>'
    else:
        body = _answer_text(replace(exchange.answer, answer=so_far), exchange.number)
        body += '<p class="zw-label zw-waiting">正在组织语言……</p>'
    return clean(f'<div class="zw-answer zw-busy" {_anchor(exchange)}>{body}</div>')


def note_html(sentence: str) -> str:
    """A kind word that belongs to no question."""
    return clean(f'<div class="zw-notice">{lines(sentence)}</div>')


def thanks_html(sentence: str) -> str:
    """A word of thanks, quieter than a note."""
    return clean(f'<p class="zw-thanks">{text(sentence)}</p>')


def citations_html(exchange: Exchange) -> str:
    """The cited passages, one card each; empty when nothing is cited."""
    cards = _cards(exchange)
    return clean(f"<h2>所引原文</h2>{cards}") if cards else ""


def earlier_html(exchanges: Sequence[Exchange]) -> str:
    """The exchanges before the last one, newest first, each folded under its question."""
    if not exchanges:
        return ""
    folded = "".join(
        f'<details class="zw-earlier"><summary>{text(exchange.question)}</summary>{_understood(exchange.answer)}{_reply(exchange)}{_cards(exchange)}</details>'
        for exchange in reversed(exchanges)
    )
    return clean(f"<h2>先前的提问</h2>{folded}")


def reports_html(reports: Iterable[Report], *, opened: bool) -> str:
    """The covered reports by place, then year."""
    listed = sorted(reports, key=lambda report: (report.region, -report.report_year, report.title))
    rows = "".join(
        f'<li><b>{text(report.region)}</b> <span class="zw-year">{report.report_year}年</span> '
        f'<span class="zw-title">{text(report.title)}</span></li>'
        for report in listed
    )
    body = f'<ul class="zw-reports">{rows}</ul>' if rows else "<p>还没有收录任何报告。</p>"
    return clean(
        f'<details class="zw-covered"{" open" if opened else ""}><summary>已收录的报告（{len(listed)}份）</summary>{body}</details>'
    )


def _reply(exchange: Exchange) -> str:
    if exchange.answer is None:
        tone = "zw-notice zw-error" if exchange.tone == "error" else "zw-notice"
        return f'<div class="{tone}">{lines(exchange.notice)}<p class="zw-hint">可以再问一次：</p></div>'
    answer = exchange.answer
    verdict = _VERDICTS.get(answer.verdict)
    badge = f'<p class="zw-verdict">{verdict}</p>' if verdict else ""
    body = _answer_text(answer, exchange.number)
    body += '<p class="zw-hint">可以这样问：</p>' if answer.suggestions else ""
    notice = f'<p class="zw-aside">{text(answer.notice)}</p>' if answer.notice else ""
    return f'<div class="zw-answer" {_anchor(exchange)}>{badge}{body}{_label(answer)}{notice}</div>'


def _anchor(exchange: Exchange) -> str:
    return f'id="zw-a{exchange.number}" tabindex="-1"'


def _label(answer: Answer) -> str:
    """Who wrote the answer. A reply that the reader wrote from the catalogue, without citations, is no extract: it has none."""
    if answer.model == "reader":
        return f'<p class="zw-label">{_EXTRACT}</p>' if answer.citations else ""
    said = f"AI生成（{text(answer.model)}），数字已与原文核对，请以所引原文为准"
    if answer.writing and answer.writing.replaced > 0:
        said += f"；其中{answer.writing.replaced}句没有通过核对，已换成报告原文"
    return f'<p class="zw-label">{said}</p>'


def _question(question: str) -> str:
    return f'<p class="zw-question"><span class="zw-who">问</span>{text(question)}</p>'


def _understood(answer: Answer | None) -> str:
    """The whole question that a follow-up was taken for, with what it leaves unsaid; else the scope alone."""
    if answer is None or not (answer.standalone or answer.understood):
        return ""
    taken = answer.understood
    if answer.standalone:
        unsaid = " · ".join(part for part in answer.understood.split(" · ") if part not in answer.standalone)
        taken = f"{answer.standalone}（{unsaid}）" if unsaid else answer.standalone
    return f'<p class="zw-understood">理解为：{text(taken)}</p>'


def _answer_text(answer: Answer, number: int) -> str:
    """The answer: figures set off, each mark that has a passage a link to it, the report's own sentences with a badge."""
    known = {citation.number for citation in answer.citations}
    paragraphs = []
    for line in filter(str.strip, answer.answer.splitlines()):
        spans: list[tuple[Span, str]] = []
        for status, look in (("verified", "zw-figure"), ("computed", "zw-computed")):
            figures = [figure for figure in answer.figures if figure.status == status]
            spans += [
                (span, f'<strong class="{look}">{text(line[slice(*span)])}</strong>')
                for span in figure_spans_in_answer(line, figures)
            ]
        spans += [
            (match.span(), _cite(number, int(match[1]))) for match in CITE_MARK.finditer(line) if int(match[1]) in known
        ]
        badge = f'<span class="zw-verbatim" role="img" title="{_VERBATIM}" aria-label="{_VERBATIM}">原文</span>'
        spans += [(match.span(), badge) for match in VERBATIM_MARK.finditer(line)]
        paragraphs.append(f"<p>{woven(line, spans)}</p>")
    return "".join(paragraphs)


def _cite(number: int, citation: int) -> str:
    label = f"看第{citation}条所引原文"
    return f'<a class="zw-cite" href="#zw-c{number}-{citation}" aria-label="{label}">〔{citation}〕</a>'


def _cards(exchange: Exchange) -> str:
    answer = exchange.answer
    return "".join(_card(answer, citation, exchange.number) for citation in answer.citations) if answer else ""


def _card(answer: Answer, citation: Citation, number: int) -> str:
    headings = " › ".join(text(heading) for heading in citation.headings)
    return (
        f'<article class="zw-card" id="zw-c{number}-{citation.number}" tabindex="-1" aria-label="第{citation.number}条所引原文">'
        f'<h3><span class="zw-number">〔{citation.number}〕</span>{text(citation.report.title)}</h3>'
        f'<p class="zw-where"><span class="zw-year">{citation.report.report_year}年报告</span> '
        f"{text(citation.report.region)}{' · ' if headings else ''}{headings}</p>"
        f'<p class="zw-paragraph">{_paragraph(answer, citation)}</p>'
        f'<p class="zw-back"><a href="#zw-a{number}">↑ 回到回答</a></p></article>'
    )


def _paragraph(answer: Answer, citation: Citation) -> str:
    """The whole paragraph, word for word: the quoted sentence marked lightly, the figures in it strongly."""
    quote = quote_span(citation)
    if quote is None:
        return text(citation.paragraph)
    start, end = quote
    marks = [
        ((first - start, last - start), f"<mark>{text(citation.paragraph[first:last])}</mark>")
        for first, last in figure_spans_in_quote(citation, answer.figures)
    ]
    marked = woven(citation.paragraph[start:end], marks)
    return f'{text(citation.paragraph[:start])}<span class="zw-quote">{marked}</span>{text(citation.paragraph[end:])}'
