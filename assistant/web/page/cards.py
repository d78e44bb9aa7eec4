"""The passages that an answer stands on, and what else was looked at on the way to it."""

from __future__ import annotations

from assistant.types import Answer, Citation, Retrieved
from assistant.web.export.official import official_citation
from assistant.web.page.marking import figure_spans_in_quote, quote_span
from assistant.web.page.markup import attribute, text, unbroken, woven
from assistant.web.page.thread import Exchange
from assistant.web.page.verdicts import is_not_found

_SHOWN = 90
"""Characters of a passage in the list of what was searched."""


_NEAREST = 3
"""Passages that are shown where nothing answers."""


def cards_html(exchange: Exchange) -> str:
    """The cited passages, those of one report under its title."""
    answer = exchange.answer
    if answer is None:
        return ""
    titled: dict[str, list[Citation]] = {}
    for citation in answer.citations:
        titled.setdefault(citation.report.id, []).append(citation)
    return "".join(
        f'<h3 class="zw-report">{text(citations[0].report.title)}</h3>'
        + "".join(_card(answer, citation, exchange.number) for citation in citations)
        for citations in titled.values()
    )


def searched_html(answer: Answer) -> str:
    """One folded line: what was searched, where, with what scores, and what of it is cited."""
    found = answer.retrieved
    if not found:
        return ""
    cited = {citation.paragraph_id for citation in answer.citations}
    rows = "".join(_found(item, cited=item.paragraph_id in cited) for item in found)
    reports = len({item.report.id for item in found})
    other = sum(item.paragraph_id not in cited for item in found)
    if is_not_found(answer):
        near = "".join(_near(item) for item in found[:_NEAREST])
        return f'<details class="zw-fold zw-searched" open><summary>相关原文（供参考，不是答案）</summary><ol>{near}</ol></details>'
    return (
        f'<details class="zw-fold zw-searched"><summary>检索过程：查了{reports}份报告，另有{other}段未引用</summary>'
        f'<p class="zw-hint">“相关度”是查找时的得分，只用来排先后，越高越靠前。{_used(answer)}</p><ol>{rows}</ol></details>'
    )


def _used(answer: Answer) -> str:
    """What a language model took for the answer, where its service counts that."""
    writing = answer.writing
    if writing is None or writing.prompt_tokens is None:
        return ""
    cost = f"，约{writing.cost:.4f}元" if writing.cost is not None else ""
    return f"大模型读了{writing.prompt_tokens}个token、写了{writing.completion_tokens or 0}个{cost}。"


def _found(item: Retrieved, *, cited: bool) -> str:
    shown = item.text if len(item.text) <= _SHOWN else f"{item.text[:_SHOWN]}……"
    said = '<span class="zw-true">已引用</span>' if cited else '<span class="zw-only">未引用</span>'
    return (
        f'<li>{said} <span class="zw-score">相关度 {item.score:.2f}</span> {text(item.report.title)}'
        f'<p class="zw-found">{unbroken(shown)}</p>{_read(item.report.id, item.paragraph_id)}</li>'
    )


def _near(item: Retrieved) -> str:
    """A passage that is near and no answer: its report, its words and the way to read on, no scores."""
    shown = item.text if len(item.text) <= _SHOWN else f"{item.text[:_SHOWN]}……"
    read = _read(item.report.id, item.paragraph_id)
    return f'<li>{text(item.report.title)}<p class="zw-found">{unbroken(shown)}</p>{read}</li>'


def _read(report: str, paragraph: str) -> str:
    return (
        f'<button class="zw-plain" type="button" data-do="read" data-report="{attribute(report)}" '
        f'data-paragraph="{attribute(paragraph)}">阅读全文</button>'
    )


def _card(answer: Answer, citation: Citation, number: int) -> str:
    headings = " › ".join(text(heading) for heading in citation.headings)
    copied = attribute(official_citation(citation))
    return (
        f'<article class="zw-card" id="zw-c{number}-{citation.number}" tabindex="-1" aria-label="第{citation.number}条引用的原文" '
        f'data-report="{attribute(citation.report.id)}" data-paragraph="{attribute(citation.paragraph_id)}">'
        f'<p class="zw-where"><span class="zw-number">〔{citation.number}〕</span>{headings or text(citation.report.region)}</p>'
        f'<p class="zw-paragraph">{_paragraph(answer, citation)}</p>'
        '<p class="zw-tools">'
        '<button class="zw-plain" type="button" data-do="open-card">看上下文</button>'
        f"{_read(citation.report.id, citation.paragraph_id)}"
        f'<button class="zw-plain" type="button" data-do="copy" data-copy="{copied}">复制引文</button>'
        f'<a class="zw-back" href="#zw-a{number}">↑ 回到回答</a></p></article>'
    )


def _paragraph(answer: Answer, citation: Citation) -> str:
    """The whole paragraph, word for word: the quoted sentence marked lightly, the figures in it strongly."""
    quote = quote_span(citation)
    if quote is None:
        return unbroken(citation.paragraph)
    start, end = quote
    marks = [
        ((first - start, last - start), f"<mark>{text(citation.paragraph[first:last])}</mark>")
        for first, last in figure_spans_in_quote(citation, answer.figures)
    ]
    marked = woven(citation.paragraph[start:end], marks)
    before, after = citation.paragraph[:start], citation.paragraph[end:]
    return f'{_context(before)}<span class="zw-quote">{marked}</span>{_context(after)}'


def _context(words: str) -> str:
    """The rest of the paragraph, which a card shows once it is opened."""
    return f'<span class="zw-context">{unbroken(words)}</span>' if words else ""
