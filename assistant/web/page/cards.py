"""The passages that an answer stands on, and what else was looked at on the way to it."""

from __future__ import annotations

from itertools import groupby

from assistant.types import Answer, Retrieved
from assistant.web.display.blocks import Near, Passage
from assistant.web.display.passages import beginning, nearest, passages
from assistant.web.page.answers import pieces_html
from assistant.web.page.markup import attribute, text, unbroken
from assistant.web.page.thread import Exchange


def cards_html(exchange: Exchange) -> str:
    """The cited passages, those of one report under its title."""
    if exchange.answer is None:
        return ""
    titled = [list(cards) for _, cards in groupby(passages(exchange.answer), key=lambda one: one.report_id)]
    return "".join(
        f'<h3 class="zw-report">{text(cards[0].title)}</h3>' + "".join(_card(card, exchange.number) for card in cards)
        for cards in titled
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
    if near := "".join(map(_near, nearest(answer))):
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
    said = '<span class="zw-true">已引用</span>' if cited else '<span class="zw-only">未引用</span>'
    return (
        f'<li>{said} <span class="zw-score">相关度 {item.score:.2f}</span> {text(item.report.title)}'
        f'<p class="zw-found">{unbroken(beginning(item.text))}</p>{_read(item.report.id, item.paragraph_id)}</li>'
    )


def _near(near: Near) -> str:
    """A passage that is near and no answer: its report, its words and the way to read on, no scores."""
    read = _read(near.report_id, near.paragraph_id)
    return f'<li>{text(near.title)}<p class="zw-found">{unbroken(near.text)}</p>{read}</li>'


def _read(report: str, paragraph: str) -> str:
    return (
        f'<button class="zw-plain" type="button" data-do="read" data-report="{attribute(report)}" '
        f'data-paragraph="{attribute(paragraph)}">阅读全文</button>'
    )


def _card(passage: Passage, number: int) -> str:
    return (
        f'<article class="zw-card" id="zw-c{number}-{passage.number}" tabindex="-1" aria-label="第{passage.number}条引用的原文" '
        f'data-report="{attribute(passage.report_id)}" data-paragraph="{attribute(passage.paragraph_id)}">'
        f'<p class="zw-where"><span class="zw-number">〔{passage.number}〕</span>{text(passage.where)}</p>'
        f'<p class="zw-paragraph">{_paragraph(passage, number)}</p>{_caution(passage)}'
        '<p class="zw-tools">'
        '<button class="zw-plain" type="button" data-do="open-card">看上下文</button>'
        f"{_read(passage.report_id, passage.paragraph_id)}{_original(passage)}"
        f'<button class="zw-plain" type="button" data-do="copy" data-copy="{attribute(passage.copied)}">复制引文</button>'
        f'<a class="zw-back" href="#zw-a{number}">↑ 回到回答</a></p></article>'
    )


def _original(passage: Passage) -> str:
    """The way to the file itself; shown by the page where the file was kept."""
    return (
        '<button class="zw-plain zw-original" type="button" data-do="original" '
        f'data-report="{attribute(passage.report_id)}" data-page="{passage.page or 1}">看原件</button>'
    )


def _caution(passage: Passage) -> str:
    return f'<p class="zw-caution">{text(passage.caution)}</p>' if passage.caution else ""


def _paragraph(passage: Passage, number: int) -> str:
    """The whole paragraph, word for word: the quoted sentence marked lightly, the figures in it strongly."""
    if not passage.quote:
        return unbroken(passage.before)
    quote = f'<span class="zw-quote">{pieces_html(passage.quote, number)}</span>'
    return f"{_context(passage.before)}{quote}{_context(passage.after)}"


def _context(words: str) -> str:
    """The rest of the paragraph, which a card shows once it is opened."""
    return f'<span class="zw-context">{unbroken(words)}</span>' if words else ""
