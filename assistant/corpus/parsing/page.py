"""HTML files: the text of the report that a saved page is about, found by where its prose lies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import html

from assistant.corpus.parsing.parsed import Parsed, pictures_unread

_BLOCKS = re.compile(
    "address|article|aside|blockquote|body|br|caption|center|d[dlt]|div|fig(?:caption|ure)|foot|form|h[1-6]|header|hr|html|"
    "li|main|nav|[ou]l|p|pre|section|t(?:able|body|foot|head|itle|r)|footer"
)
_UNSEEN = re.compile("script|style|noscript|template|head|iframe|object|svg|select|button|textarea")
_AROUND = re.compile("nav|aside|footer")
_NAMED_AROUND = re.compile(
    r"(?:^|[\s_-])(?:bread-?crumb|crumbs?|menu|nav|navbar|share|related|recommend|footer|foot|copyright|sidebar|toolbar|print|comments?)(?:$|[\s_-])",
    re.IGNORECASE,
)
"""Names of classes and ids of what stands around an article."""
_LEAST_PROSE = 200
"""Chinese characters outside links below which a page has no body to be found."""
_HOLDS = 0.9
"""Share of the page's prose that the body holds."""
_SMALL = 0.05
"""Share of the prose below which a block may be what its name or its links say."""
_LEAST_PICTURE = 64
"""Dots of the shorter side from which a picture may hold text."""
_LONG_CELL = 120
"""Characters from which a cell of several paragraphs is text that a table only frames."""
_HAN = re.compile(r"[\u3400-\u9fff]")


def html_text(data: bytes) -> Parsed:
    """Return the text of a page in UTF-8 without the menus, lists of links and notices around its body."""
    document = html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8", no_network=True))
    prose: dict[Any, tuple[int, int]] = {}
    _weigh(document, prose)
    total = prose.get(document, (0, 0))[0]
    body = _body(document, prose) if total >= _LEAST_PROSE else document
    parts: list[str] = []
    shown = _Shown(prose, total, parts)
    shown.show(body)
    text = "".join(parts)
    title = _title(document) if body is not document and "报告" not in text[:300] else ""
    return Parsed(f"{title}\n{text}", has_paragraphs=False, notes=pictures_unread(shown.pictures))


def _weigh(element: Any, prose: dict[Any, tuple[int, int]], in_link: bool = False) -> tuple[int, int]:
    """Count the Chinese characters below each element that are seen: those outside links, and those within."""
    if not isinstance(element.tag, str) or _UNSEEN.fullmatch(element.tag) or _is_hidden(element):
        return 0, 0
    in_link = in_link or element.tag == "a"
    counts = [0, 0]
    counts[in_link] += _length(element.text)
    for child in element:
        outside, within = _weigh(child, prose, in_link)
        counts[0] += outside
        counts[1] += within
        counts[in_link] += _length(child.tail)
    prose[element] = (counts[0], counts[1])
    return prose[element]


def _length(text: str | None) -> int:
    return len(_HAN.findall(text or ""))


def _is_hidden(element: Any) -> bool:
    return "display:none" in (element.get("style") or "").replace(" ", "") or element.get("hidden") is not None


def _body(document: Any, prose: dict[Any, tuple[int, int]]) -> Any:
    """Return the innermost element that holds nearly all prose of the page."""
    total, body = prose[document][0], document
    while True:
        inner = next((child for child in body if prose.get(child, (0, 0))[0] >= _HOLDS * total), None)
        if inner is None or inner.tag in {"p", "tr", "td", "pre"}:
            return body
        body = inner


def _title(document: Any) -> str:
    """Return what the page says that its article is called."""
    named = document.xpath("//meta[translate(@name, 'ARTICLE', 'article')='articletitle']/@content")
    heads = [" ".join(head.text_content().split()) for head in document.xpath("//h1 | //h2")]
    whole = re.split(r"[-_|]|——", " ".join((document.findtext(".//title") or "").split()))[0].strip()
    return next((title.strip() for title in (*named, *heads, whole) if "报告" in title), "")


class _Shown:
    """Puts together the text that a browser shows of a part of a page."""

    def __init__(self, prose: dict[Any, tuple[int, int]], total: int, parts: list[str]) -> None:
        self._prose = prose
        self._total = total
        self._parts = parts
        self.pictures = 0
        """Pictures that may hold text."""

    def show(self, element: Any) -> None:
        """Append an element and what follows its end tag within its parent."""
        if isinstance(element.tag, str) and not self._is_left_out(element):
            self.pictures += _is_picture(element)
            block = _BLOCKS.fullmatch(element.tag) is not None
            self._parts.append("\n" * block)
            if element.tag == "pre":
                self._parts.append(element.text_content())
            elif element.tag == "tr" and not _frames_text(element):
                self.pictures += sum(map(_is_picture, element.iter("img")))
                cells = (" ".join("".join(_seen(cell)).split()) for cell in element if cell.tag in {"td", "th"})
                self._parts.append(" | ".join(cell for cell in cells if cell))
            else:
                self._parts.append(" ".join((element.text or "").split("\n")))
                for child in element:
                    self._parts.append("\n" * (element.tag == "tr"))
                    self.show(child)
            self._parts.append("\n" * block)
        self._parts.append(" ".join((element.tail or "").split("\n")))

    def _is_left_out(self, element: Any) -> bool:
        """Say whether an element is not seen, or is a menu, a list of links or a notice beside the body."""
        if _UNSEEN.fullmatch(element.tag) or _is_hidden(element):
            return True
        outside, within = self._prose.get(element, (0, 0))
        if self._total < _LEAST_PROSE or outside > _SMALL * self._total:
            return False
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        if _AROUND.fullmatch(element.tag) or _NAMED_AROUND.search(names):
            return True
        return within > outside and element.tag in {"div", "ul", "ol", "dl", "table", "section", "p", "td"}


def _is_picture(element: Any) -> bool:
    """Say whether an element is a picture, and no mark or button as far as its size is told."""
    if element.tag != "img":
        return False
    style = re.findall(r"(?<![\w-])(?:width|height)\s*:\s*(\d+)", element.get("style") or "")
    told = [element.get("width"), element.get("height"), *style]
    sizes = [int(size) for each in told if (size := (each or "").removesuffix("px")).isdecimal()]
    return not sizes or min(sizes) >= _LEAST_PICTURE


def _frames_text(row: Any) -> bool:
    """Say whether a row of a table only frames paragraphs."""
    return any(
        cell.tag in {"td", "th"}
        and sum(1 for _ in cell.iter("p", "div", "br")) > 1
        and len(cell.text_content()) > _LONG_CELL
        for cell in row
    )


def _seen(cell: Any) -> Iterator[str]:
    """Yield the texts of a cell, its paragraphs apart."""
    for node in cell.iter():
        if isinstance(node.tag, str) and not _UNSEEN.fullmatch(node.tag):
            yield " " if node.tag in {"p", "div", "br"} else ""
            yield node.text or ""
        if node is not cell:
            yield node.tail or ""
