"""The parts of the page as HTML. What comes from a report, a user or a model is text and is escaped where it enters.

Two walls, both in `markup`: each text is escaped, then the whole is cleaned with an allow-list of the very tags and attributes
that the page is made of.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.types import Answer, Aspect, Report
from assistant.web.display.answer import display
from assistant.web.display.blocks import Display, Headline
from assistant.web.display.text import text_blocks
from assistant.web.page.answers import blocks_html, checks_html
from assistant.web.page.cards import cards_html, searched_html
from assistant.web.page.chips import ask_html, asks_html, understood_html
from assistant.web.page.markup import attribute, clean, lines, text
from assistant.web.page.thread import Exchange

LINE_BREAK = "␤"
"""Stands for a line break in what is copied: an attribute has none."""
_YEAR = re.compile(r"(\d{4})年")
_VIEWS = (("chat", "对话"), ("indicators", "指标"), ("library", "资料库"))
_SETTINGS = (("care", "关怀版"), ("dark", "深色"), ("english", "English"))


def side_html(*, evaluation: bool) -> str:
    """The sidebar: a new conversation, the three views, the conversations of this browser, and how the page looks."""
    views = "".join(
        f'<button class="zw-view" type="button" data-do="view-{name}"{current}>{label}</button>'
        for name, label in _VIEWS
        for current in [' aria-current="page"' if name == "chat" else ""]
    )
    looks = "".join(
        f'<button class="zw-plain" type="button" data-do="{act}">{label}</button>' for act, label in _SETTINGS
    )
    link = '<a href="evaluation">评测回答质量</a>' if evaluation else ""
    return clean(
        '<a class="zw-skip" href="#zw-box">跳到提问框</a><div class="zw-side"><h1>政问</h1>'
        '<button class="zw-new" type="button" data-do="new">＋ 新对话</button>'
        f'<nav class="zw-views" aria-label="页面">{views}</nav>'
        '<div class="zw-past"><input class="zw-find" type="search" placeholder="查找对话" aria-label="查找对话"><ul class="zw-kept"></ul></div>'
        f'<div class="zw-set">{looks}{link}</div></div>'
    )


def top_html() -> str:
    """What stands over the thread on a small screen, where the sidebar is a drawer."""
    return clean(
        '<div class="zw-top"><button class="zw-plain" type="button" data-do="drawer" aria-expanded="false">☰ 菜单</button>'
        '<b>政问</b><button class="zw-plain" type="button" data-do="new">新对话</button></div>'
    )


def foot_html() -> str:
    """What is always true of the answers, under the box."""
    return clean('<p class="zw-foot">回答只依据已收录的报告；数字取自原文，算出来的写明算式。</p>')


def welcome_html(reports: Sequence[Report] | None) -> str:
    """The first screen: what this is, and where the answers come from."""
    places = list(dict.fromkeys(report.region for report in reports or ()))
    named = "、".join(places[:3]) + ("等" if len(places) > 3 else "")
    held = "还没有收录任何报告。" if reports is not None else ""
    if reports:
        held = f"已收录{named}{len(places)}个地方的{len(reports)}份政府工作报告，都是公开发布的原文。"
    return clean(
        '<div class="zw-welcome"><h2>想从政府工作报告里了解什么？</h2>'
        f'<p>{text(held)}<button class="zw-plain" type="button" data-do="view-library">看收录了哪些</button></p></div>'
    )


def examples_html(examples: Sequence[tuple[str, str]]) -> str:
    """Questions to begin with, each under its kind; all of them have an answer."""
    cards = "".join(ask_html(question, kind=kind) for kind, question in examples)
    return clean(f'<div class="zw-asks"><span class="zw-hint">可以这样问</span>{cards}</div>') if cards else ""


def indicators_html() -> str:
    """The view of indicators; what it is made of is fetched when it is looked at."""
    return clean(
        '<div class="zw-shelf"><h2>指标</h2><p class="zw-hint">把各地报告里的同一个数排在一起看；每一格都能点开原文。</p>'
        '<div class="zw-panel"></div></div>'
    )


def library_html() -> str:
    """The view of what is covered; the list is fetched when it is looked at."""
    return clean(
        '<div class="zw-shelf"><h2>资料库</h2><input class="zw-find" type="search" placeholder="输入地名或年份查找" aria-label="查找报告">'
        '<div class="zw-places"></div></div>'
    )


def asked_html(exchange: Exchange) -> str:
    """The question."""
    return clean(_question(exchange.question))


def reply_html(exchange: Exchange) -> str:
    """The answer or the sentence that stands in for it, with what can be done with it."""
    return clean(_reply(exchange))


def pending_html(exchange: Exchange, so_far: str = "") -> str:
    """The words that have come so far; laid out as the answer will be where a preview is at hand as the exchange's answer."""
    doing = f"正在读{exchange.reading}段原文，写好一句核对一句……" if exchange.reading else "正在组织语言……"
    if exchange.answer is None:
        waiting = f'<p class="zw-waiting">{doing if exchange.reading else "正在查找原文……"}</p>'
        body = lines(so_far) + (waiting if exchange.reading or not so_far else "")
    else:
        body = blocks_html(text_blocks(replace(exchange.answer, answer=so_far)), exchange.number)
        body += f'<p class="zw-meta zw-waiting">{doing}</p>'
    return clean(f'<div class="zw-answer zw-busy zw-written" {_anchor(exchange)}>{body}</div>')


def offer_html(exchange: Exchange, aspects: Sequence[Aspect] | None = None, following: Sequence[str] = ()) -> str:
    """How the question was taken, with what it could be instead, and what could be asked next; each has an answer.

    Without `aspects` that is still being found out, and what stands below waits for its place.
    """
    if exchange.answer is None:
        return ""
    others = asks_html(exchange.answer.alternatives[:3], "不是这个意思？", "zw-others")
    body = understood_html(exchange.answer, aspects or ()) + others + asks_html(following, "接着可以问：", "zw-next")
    look = ' class="zw-early"' if aspects is None else ""
    return clean(f'<div id="zw-n{exchange.number}"{look}>{body}</div>')


def note_html(sentence: str) -> str:
    """A kind word that belongs to no question."""
    return clean(f'<div class="zw-notice">{lines(sentence)}</div>')


def thanks_html(sentence: str) -> str:
    """A word of thanks, quieter than a note."""
    return clean(f'<p class="zw-thanks">{text(sentence)}</p>')


def citations_html(exchange: Exchange) -> str:
    """The cited passages, those of one report under its title, and behind a fold what else was found; empty when nothing is cited."""
    cards = cards_html(exchange)
    if not cards or exchange.answer is None:
        return ""
    close = '<button class="zw-plain zw-close" type="button" data-do="close-evidence">关闭</button>'
    return clean(f'<div class="zw-sheet-head"><h2>引用的原文</h2>{close}</div>{cards}{searched_html(exchange.answer)}')


def thread_html(exchanges: Sequence[Exchange]) -> str:
    """The exchanges before the last one, from top to bottom, each with its passages kept beside it."""
    return clean(
        "".join(
            f'<div class="zw-exchange">{_question(exchange.question)}{_reply(exchange)}<div class="zw-cards">{citations_html(exchange)}</div></div>'
            for exchange in exchanges
        )
    )


def _reply(exchange: Exchange) -> str:
    if exchange.answer is None:
        tone = "zw-notice zw-error" if exchange.tone == "error" else "zw-notice"
        again = asks_html([exchange.question], "可以再问一次：")
        return f'<div class="{tone}" {_anchor(exchange)}>{lines(exchange.notice)}{again}</div>'
    answer, shown = exchange.answer, display(exchange.answer)
    badge = f'<p class="zw-verdict">{shown.verdict}</p>' if shown.verdict else ""
    notice = f'<p class="zw-meta">{text(answer.notice)}</p>' if answer.notice else ""
    near = searched_html(answer) if shown.near else ""
    body = blocks_html(shown.blocks, exchange.number) + _known(shown)
    # In English the page puts the reader's own sentences into English, and leaves alone what a language model has written.
    look = "zw-answer" if answer.model == "reader" else "zw-answer zw-written"
    return (
        f'<div class="{look}" {_anchor(exchange)}>{badge}{body}{notice}'
        f"{asks_html(answer.suggestions, shown.lead)}{near}{_acts(answer, shown)}</div>"
    )


def _known(shown: Display) -> str:
    """One line: whose, when, goal or result, who wrote it, and that each figure was checked."""
    line, listed = checks_html(shown.checks)
    told = "".join(_of(block) for block in shown.blocks if isinstance(block, Headline))
    return f'<p class="zw-meta">{" · ".join(filter(None, (told, text(shown.label), line)))}</p>{listed}'


def _of(head: Headline) -> str:
    """What a figure is of; whether it is a goal or a result stands out."""
    role = f'<b class="zw-role">{head.role}</b>' if head.role else ""
    return f'<span class="zw-of">{" · ".join(filter(None, (*map(text, head.of), role)))}</span>'


def _acts(answer: Answer, shown: Display) -> str:
    """What can be done with an answer."""
    many = f"查看原文（{len(answer.citations)}条）"
    sources = f'<button class="zw-act zw-sources" type="button" data-do="evidence">{many}</button>'
    acts = (("again", "重新回答"), ("edit", "修改问题"), ("link", "复制链接"), ("print", "打印"))
    copied = attribute(shown.copied.replace("\n", LINE_BREAK))
    rest = "".join(
        f'<button class="zw-act{" zw-latest" if act in ("again", "edit") else ""}" type="button" data-do="{act}">{label}</button>'
        for act, label in acts
    )
    copy = f'<button class="zw-act" type="button" data-do="copy" data-copy="{copied}">复制回答</button>'
    return f'<div class="zw-acts">{sources if answer.citations else ""}{copy}{_as_table(answer)}{rest}</div>'


def _as_table(answer: Answer) -> str:
    """The way from figures compared to the same as a table; where they are of one indicator and known years."""
    of = {figure.indicator for figure in answer.figures if figure.status == "verified"}
    years = {match[1] for figure in answer.figures if (match := _YEAR.fullmatch(figure.period or ""))}
    places = dict.fromkeys(citation.report.region for citation in answer.citations)
    (indicator,) = of if len(of) == 1 else (None,)
    if not indicator or not years or len(answer.citations) < 2:
        return ""
    held = f'data-indicator="{attribute(indicator)}" data-places="{attribute(",".join(places))}"'
    return f'<button class="zw-act" type="button" data-do="indicators" {held} data-years="{min(years)},{max(years)}">在指标里看</button>'


def _anchor(exchange: Exchange) -> str:
    return f'id="zw-a{exchange.number}" tabindex="-1"'


def _question(question: str) -> str:
    return f'<p class="zw-question"><span class="zw-who">问：</span>{text(question)}</p>'
