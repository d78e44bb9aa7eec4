"""The parts of the page as HTML. What comes from a report, a user or a model is text and is escaped where it enters.

Two walls, both in `markup`: each text is escaped, then the whole is cleaned with an allow-list of the very tags and attributes
that the page is made of.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.types import Answer, Aspect, Report
from assistant.web.export.record import label_of
from assistant.web.page.answers import answer_html, compares
from assistant.web.page.cards import cards_html, searched_html
from assistant.web.page.chips import asks_html, understood_html
from assistant.web.page.figures import checks, headline
from assistant.web.page.markup import clean, lines, text
from assistant.web.page.thread import Exchange
from assistant.web.page.verdicts import is_not_found, verdict_words

_EXTRACT = "原文摘录，未经大模型改写"


def head_html() -> str:
    """What this page is, in one sentence, and how it can be set up."""
    sentence = "向政府工作报告提问，得到的每个回答、每个数字都附有报告原文，可以当场核对。"
    tools = (("new", "新对话"), ("history", "对话记录"), ("care", "关怀版"), ("dark", "深色"), ("english", "English"))
    buttons = "".join(f'<button class="zw-tool" type="button" data-do="{act}">{label}</button>' for act, label in tools)
    return clean(
        '<a class="zw-skip" href="#zw-box">跳到提问框</a>'
        f'<div class="zw-head"><div class="zw-name"><h1>政问</h1><p>{sentence}</p></div><div class="zw-toolbar">{buttons}</div></div>'
    )


def foot_html(*, evaluation: bool) -> str:
    """What the keyboard can do and, where there is one, the way to the evaluation page."""
    keys = "键盘：回车提问，Shift+回车换行，/ 回到提问框，←→ 在出处编号间移动，Esc 关闭。"
    link = '<a href="evaluation">评测回答质量</a>' if evaluation else ""
    return clean(f'<div class="zw-foot"><p class="zw-keys">{keys}</p><p class="zw-links">{link}</p></div>')


def welcome_html() -> str:
    """What to do here, for someone who has not asked anything yet."""
    steps = (
        "在上面写下问题，说清是哪个区、哪一年，然后点“提问”。",
        "看回答。红色的是数字，〔1〕是出处的编号。",
        "点一下编号，就能看到报告原文：引用的句子是浅黄色，数字是深黄色。",
    )
    listed = "".join(f"<li>{step}</li>" for step in steps)
    return clean(f'<div class="zw-welcome"><h2>怎么用</h2><ol>{listed}</ol></div>')


def asked_html(exchange: Exchange, aspects: Sequence[Aspect] = ()) -> str:
    """The question, and how it was taken as far as that is known."""
    alternatives = exchange.answer.alternatives if exchange.answer else ()
    others = asks_html(alternatives[:3], "不是这个意思？", "zw-others")
    return clean(_question(exchange.question) + understood_html(exchange.answer, aspects) + others)


def reply_html(exchange: Exchange) -> str:
    """The answer or the sentence that stands in for it, without question and passages."""
    return clean(_reply(exchange))


def pending_html(exchange: Exchange, so_far: str = "") -> str:
    """The words that have come so far; laid out as the answer will be where a preview is at hand as the exchange's answer."""
    doing = f"正在读{exchange.reading}段原文，写好一句核对一句……" if exchange.reading else "正在组织语言……"
    if exchange.answer is None:
        waiting = f'<p class="zw-waiting">{doing if exchange.reading else "正在查找原文……"}</p>'
        body = lines(so_far) + (waiting if exchange.reading or not so_far else "")
    else:
        body = answer_html(replace(exchange.answer, answer=so_far), exchange.number)
        body += f'<p class="zw-label zw-waiting">{doing}</p>{_sources(exchange.answer)}'
    return clean(f'<div class="zw-answer zw-busy" {_anchor(exchange)}>{body}</div>')


def next_html(questions: Sequence[str]) -> str:
    """What could be asked next, each of which has an answer."""
    asks = asks_html(questions, "接着可以问：")
    return clean(asks) if asks else ""


def examples_html(questions: Sequence[str]) -> str:
    """Questions to begin with."""
    asks = asks_html(questions, "可以试着问：")
    return clean(asks) if asks else ""


def note_html(sentence: str) -> str:
    """A kind word that belongs to no question."""
    return clean(f'<div class="zw-notice">{lines(sentence)}</div>')


def thanks_html(sentence: str) -> str:
    """A word of thanks, quieter than a note."""
    return clean(f'<p class="zw-thanks">{text(sentence)}</p>')


def citations_html(exchange: Exchange) -> str:
    """The cited passages, one card each, and behind a fold what else was found; empty when nothing is cited."""
    cards = cards_html(exchange)
    if not cards or exchange.answer is None:
        return ""
    close = '<button class="zw-plain zw-close" type="button" data-do="close-evidence">关闭</button>'
    return clean(f'<div class="zw-sheet-head"><h2>所引原文</h2>{close}</div>{cards}{searched_html(exchange.answer)}')


def earlier_html(exchanges: Sequence[Exchange]) -> str:
    """The exchanges before the last one, newest first, each folded under its question."""
    if not exchanges:
        return ""
    folded = "".join(
        f'<details class="zw-earlier"><summary>{text(exchange.question)}</summary>{understood_html(exchange.answer)}{_reply(exchange)}{cards_html(exchange)}</details>'
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
        again = asks_html([exchange.question], "可以再问一次：")
        return f'<div class="{tone}" {_anchor(exchange)}>{lines(exchange.notice)}{again}</div>'
    answer = exchange.answer
    verdict = verdict_words(answer)
    badge = f'<p class="zw-verdict">{verdict}</p>' if verdict else ""
    notice = f'<p class="zw-aside">{text(answer.notice)}</p>' if answer.notice else ""
    near = searched_html(answer) if is_not_found(answer) else ""
    lead = "您是不是想问：" if answer.verdict == "needs_clarification" else "资料里有，可以这样问："
    return (
        f'<div class="zw-answer" {_anchor(exchange)}>{badge}{_body(answer, exchange.number)}{_label(answer)}{notice}'
        f"{_sources(answer)}{checks(answer)}{asks_html(answer.suggestions, lead)}{near}</div>"
    )


def _body(answer: Answer, number: int) -> str:
    return ("" if compares(answer) else headline(answer)) + answer_html(answer, number)


def _sources(answer: Answer) -> str:
    """The way to the passages on a phone, where they come up as a sheet."""
    if not answer.citations:
        return ""
    label = f"查看所引原文（{len(answer.citations)}条）"
    return f'<p><button class="zw-chip zw-sources" type="button" data-do="evidence">{label}</button></p>'


def _anchor(exchange: Exchange) -> str:
    return f'id="zw-a{exchange.number}" tabindex="-1"'


def _label(answer: Answer) -> str:
    """Who wrote the answer. A reply that the reader wrote from the catalogue, without citations, is no extract."""
    if answer.model == "reader":
        return f'<p class="zw-label">{_EXTRACT if answer.citations else label_of(answer)}</p>'
    said = f"AI生成（{text(answer.model)}），数字已与原文核对，请以所引原文为准"
    if answer.writing and answer.writing.replaced > 0:
        said += f"；其中{answer.writing.replaced}句没有通过核对，已换成报告原文"
    return f'<p class="zw-label">{said}</p>'


def _question(question: str) -> str:
    return f'<p class="zw-question"><span class="zw-who">问</span>{text(question)}</p>'
