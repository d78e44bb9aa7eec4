"""What can be asked with one click: how the question was taken and what it could be instead, and whole questions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.types import Answer, Aspect
from assistant.web.page.markup import attribute, text

_CHANGE = {"place": "换一个地方", "time": "换一个时间", "subject": "换一项内容", "role": "换成目标或完成情况"}


def understood_html(answer: Answer | None, aspects: Sequence[Aspect] = ()) -> str:
    """How the question was taken, as chips; those with choices open them."""
    if answer is None or not (answer.standalone or answer.understood or aspects):
        return ""
    taken = f'<span class="zw-taken">{text(answer.standalone)}</span>' if answer.standalone else ""
    if aspects:
        chips = "".join(map(_chip, aspects))
    else:
        chips = "".join(_still(part, "zw-coming") for part in answer.understood.split(" · ") if part)
    return f'<div class="zw-understood"><span class="zw-hint">理解为：</span>{taken}{chips}</div>'


def asks_html(questions: Iterable[str], lead: str = "", look: str = "") -> str:
    """Questions to be asked with a click, a row each."""
    rows = "".join(ask_html(question) for question in questions)
    hint = f'<span class="zw-hint">{lead}</span>' if lead else ""
    return f'<div class="zw-asks{f" {look}" if look else ""}">{hint}{rows}</div>' if rows else ""


def ask_html(question: str, label: str = "", kind: str = "") -> str:
    """One question to be asked with a click, under its own words unless it has a label; `kind` says of which kind it is."""
    said = f' data-kind="{attribute(kind)}"' if kind else ""
    return (
        f'<button class="zw-ask-one" type="button" data-ask="{attribute(question)}"{said}>'
        f"{text(label or question)}</button>"
    )


def _chip(aspect: Aspect) -> str:
    if not aspect.choices:
        return _still(aspect.value)
    choices = "".join(ask_html(choice.question, choice.label) for choice in aspect.choices)
    return (
        f'<details class="zw-change"><summary>{text(aspect.value)}</summary>'
        f'<div class="zw-menu"><span class="zw-hint">{_CHANGE[aspect.kind]}</span>{choices}</div></details>'
    )


def _still(value: str, look: str = "") -> str:
    """A part that cannot be changed; one whose choices may yet come has the room for their arrow, so that no line moves."""
    return f'<span class="zw-still{f" {look}" if look else ""}">{text(value)}</span>'
