"""The two walls of the page's HTML: foreign text is escaped as it enters, and the whole is cleaned with an allow-list.

The result stands on one line: the page hands it to a Markdown component, for which a block of HTML ends at an empty line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

import nh3

from assistant.web.display.marking import UNBROKEN, Span

_ATTRIBUTES = {
    "a": {"class", "href", "aria-label"},
    "b": {"class"},
    "article": {"class", "id", "tabindex", "aria-label", "data-report", "data-paragraph"},
    "button": {
        *(
            "class",
            "type",
            "aria-label",
            "data-do",
            "data-ask",
            "data-copy",
            "data-kind",
            "data-report",
            "data-paragraph",
            "data-page",
            "data-indicator",
            "data-places",
            "data-years",
        ),
        *("aria-current", "aria-expanded"),
    },
    "details": {"class", "open"},
    "div": {"class", "id", "tabindex"},
    "h3": {"class"},
    "input": {"class", "type", "aria-label", "placeholder"},
    "nav": {"class", "aria-label"},
    "p": {"class"},
    "span": {"class", "title", "role", "aria-label"},
    "strong": {"class", "title"},
    "table": {"class"},
    "td": {"data-value", "data-unit"},
    "th": {"scope"},
    "ul": {"class"},
}
_TAGS = {
    *_ATTRIBUTES,
    "br",
    "caption",
    "h1",
    "h2",
    "li",
    "mark",
    "ol",
    "summary",
    "tbody",
    "td",
    "thead",
    "tr",
}
_VALUES = {
    "class": re.compile(r"zw-[a-z-]+( zw-[a-z-]+)*"),
    "href": re.compile(r"#zw-[a-z]\d+(-\d+)?|#zw-box|evaluation"),
    "id": re.compile(r"zw-[a-z]\d+(-\d+)?"),
    "tabindex": re.compile(r"-1"),
    "role": re.compile(r"img"),
    "open": re.compile(r""),
    "type": re.compile(r"button|search"),
    "aria-current": re.compile(r"page"),
    "aria-expanded": re.compile(r"false"),
    "data-value": re.compile(r"-?\d+(\.\d+)?"),
    "scope": re.compile(r"col|row"),
    "data-do": re.compile(r"[a-z-]+"),
    "data-years": re.compile(r"\d{4},\d{4}"),
    "data-page": re.compile(r"\d{1,4}"),
    "data-report": re.compile(r"[\w-]{1,64}", re.ASCII),
    "data-paragraph": re.compile(r"[\w.-]{1,96}", re.ASCII),
}
_LINES = re.compile(r"\r\n|[\n-\r\x1c-\x1e\x85\u2028\u2029]")
# Control characters have no look; direction overrides could show 5.5% as 5.5% that was never written.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def woven(raw: str, replacements: Iterable[tuple[Span, str]]) -> str:
    """`raw` escaped, with ready HTML in place of the given spans; a span that overlaps an earlier one is left out.

    A number outside the spans is held together with its unit.
    """
    pieces, position = [], 0
    for (start, end), html in sorted(replacements):
        if start >= position:
            pieces += [unbroken(raw[position:start]), html]
            position = end
    return "".join([*pieces, unbroken(raw[position:])])


def unbroken(raw: str) -> str:
    """Foreign text as `text` gives it, with no line break between a number and its unit."""
    pieces, position = [], 0
    for match in UNBROKEN.finditer(raw):
        pieces += [text(raw[position : match.start()]), f'<span class="zw-nb">{text(match[0])}</span>']
        position = match.end()
    return "".join([*pieces, text(raw[position:])])


def lines(raw: str) -> str:
    """Foreign text as paragraphs, one a line; empty lines are left out."""
    return "".join(f"<p>{text(line)}</p>" for line in filter(str.strip, raw.splitlines()))


def text(raw: str) -> str:
    """Foreign text as inert HTML on one line; its own line breaks are kept as `<br>`."""
    split = _LINES.split(storable(raw).replace("\t", " "))
    return "<br>".join(escape(_UNSEEN.sub("", line)) for line in split)


def attribute(raw: str) -> str:
    """Foreign text as the value of an attribute between double quotes."""
    return escape(" ".join(_UNSEEN.sub(" ", storable(raw)).split()))


def storable(raw: str) -> str:
    """Without lone surrogates, which no encoder takes, and without NUL."""
    return raw.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def clean(html: str) -> str:
    """Take out whatever is not one of the tags and attributes that this page is made of."""
    return nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, attribute_filter=_attribute, url_schemes=set(), link_rel=None
    )


def _attribute(tag: str, name: str, value: str) -> str | None:
    pattern = _VALUES.get(name)
    return value if pattern is None or pattern.fullmatch(value) else None
