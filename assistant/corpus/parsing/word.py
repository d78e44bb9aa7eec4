"""Word files (.docx): paragraphs with their numbers, tables, text boxes and notes in the order in which they are read."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
from lxml import etree

from assistant.corpus.parsing.numbering import Numbering
from assistant.corpus.parsing.parsed import Parsed, pictures_unread

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DRAWN = (
    "{http://schemas.openxmlformats.org/drawingml/2006/main}blip",
    "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart",
    "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds",
    "{urn:schemas-microsoft-com:vml}imagedata",
    f"{_W}object",
)
"""Pictures, charts, diagrams, pictures of older files, and what was made by another program."""
_BOX = f"{_W}txbxContent"
_GONE = frozenset(f"{_W}{name}" for name in ("del", "moveFrom", "rt")) | {_FALLBACK}
"""What holds text that is not shown: deleted and moved away, the reading above a character, a copy for old readers."""
_WRAPPERS = frozenset(f"{_W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"))
_LONG_CELL = 120
"""Characters from which a cell of several paragraphs is text that a table only frames."""
_STRICT = b"http://purl.oclc.org/ooxml/"
_TRANSITIONAL = (
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (b"http://purl.oclc.org/ooxml/drawingml/main", b"http://schemas.openxmlformats.org/drawingml/2006/main"),
)


def docx_text(data: bytes) -> Parsed:
    """Return what a Word file shows, changes that are tracked as accepted."""
    document = docx.Document(io.BytesIO(_transitional(data)))
    parts = {str(part.partname): part.blob for part in document.part.package.iter_parts()}
    reader = _Reader(Numbering(_root(parts.get("/word/numbering.xml")), document.styles.element), document.styles)
    lines = list(reader.lines(document.element.body))
    notes = [
        text
        for kind in ("footnote", "endnote")
        for note in _elements(_root(parts.get(f"/word/{kind}s.xml")), kind)
        if (text := " ".join(" ".join(reader.lines(note)).split()))
    ]
    if notes:
        lines += ["名词解释", *(f"[{number}]{text}" for number, text in enumerate(notes, 1))]
    drawn = (node for node in document.element.body.iter(*_DRAWN) if not any(map(_is_told, node.iterancestors())))
    return Parsed("\n".join(lines), has_paragraphs=False, notes=pictures_unread(sum(1 for _ in drawn)))


def _is_told(above: Any) -> bool:
    """Say whether a picture is the copy for old readers, the face of an object that is counted, or deleted."""
    return above.tag in _GONE or above.tag == f"{_W}object"


def _transitional(data: bytes) -> bytes:
    """Return a file that was saved as strict Open XML under the names that Word usually writes."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if _STRICT not in archive.read("word/document.xml")[:4000]:
            return data
        copy = io.BytesIO()
        with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as written:
            for entry in archive.infolist():
                content = archive.read(entry)
                for strict, usual in _TRANSITIONAL:
                    content = content.replace(strict, usual)
                written.writestr(entry.filename, content)
    return copy.getvalue()


def _root(blob: bytes | None) -> Any | None:
    return None if blob is None else etree.fromstring(blob, etree.XMLParser(resolve_entities=False, no_network=True))


def _elements(root: Any | None, name: str) -> list[Any]:
    return [] if root is None else list(root.iterchildren(f"{_W}{name}"))


class _Reader:
    """Reads the lines of a document in order, counting its numbers as it goes."""

    def __init__(self, numbering: Numbering, styles: Any) -> None:
        self._numbering = numbering
        self._contents = {style.style_id for style in styles if (style.name or "").lower().startswith("toc ")}
        self._open = ""
        """The text of a paragraph whose end was deleted: the next one goes on with it."""

    def lines(self, element: Any) -> Iterator[str]:
        """Yield the paragraphs and table rows below an element."""
        for child in element:
            if child.tag == f"{_W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{_W}tbl":
                yield from self._table(child)
            elif child.tag in _WRAPPERS:
                yield from self.lines(child)

    def _paragraph(self, paragraph: Any) -> Iterator[str]:
        properties = paragraph.find(f"{_W}pPr")
        style = None if properties is None else properties.find(f"{_W}pStyle")
        if style is not None and style.get(f"{_W}val") in self._contents:
            return
        text = self._open + _own_text(paragraph)
        self._open = ""
        if properties is not None and any(
            properties.find(f"{_W}rPr/{_W}{gone}") is not None for gone in ("del", "moveFrom")
        ):
            self._open = text
        else:
            label = self._numbering.label(paragraph)
            gap = " " if re.search(r"[\w.]$", label) and re.match(r"\d", text) else ""
            yield from f"{label}{gap}{text}".split("\n")
        for box in paragraph.iter(_BOX):
            if not any(above.tag in _GONE or (above.tag == _BOX) for above in _above(box, paragraph)):
                yield from self.lines(box)

    def _table(self, table: Any) -> Iterator[str]:
        """Yield a line a row; a cell that is merged over rows is told in each of them, one that frames text gives its lines."""
        above: dict[int, str] = {}
        for row in _inside(table, f"{_W}tr"):
            if row.find(f"{_W}trPr/{_W}del") is not None:
                continue
            cells: list[str] = []
            framed: list[str] = []
            column = 0
            for cell in _inside(row, f"{_W}tc"):
                properties = cell.find(f"{_W}tcPr")
                merged = None if properties is None else properties.find(f"{_W}vMerge")
                lines = [line for line in self.lines(cell) if line.strip()]
                text = " ".join(" ".join(lines).split())
                if merged is not None and merged.get(f"{_W}val") != "restart":
                    text = above.get(column, "")
                above[column] = text
                column += _span(properties)
                cells.append(text)
                framed += lines
            filled = [cell for cell in cells if cell]
            if len(filled) < 2 or (len(framed) > len(filled) and max(map(len, filled)) > _LONG_CELL):
                yield from framed
            else:
                yield " | ".join(cells)


def _inside(element: Any, tag: str) -> Iterator[Any]:
    """Yield the rows of a table or the cells of a row, not those of a table within a cell."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _inside(child, tag)


def _span(properties: Any | None) -> int:
    span = None if properties is None else properties.find(f"{_W}gridSpan")
    told = "" if span is None else span.get(f"{_W}val") or ""
    return int(told) if told.isdigit() else 1


def _own_text(paragraph: Any) -> str:
    """Return what a paragraph shows, inserted text and links too; its text boxes are lines of their own."""
    parts: list[str] = []
    for node in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}noBreakHyphen"):
        above = list(_above(node, paragraph))
        if any(each.tag in _GONE or each.tag == _BOX for each in above) or _is_hidden(above):
            continue
        name = node.tag.removeprefix(_W)
        in_run = node.getparent().tag == f"{_W}r"
        parts.append(node.text or "" if name == "t" else {"tab": " " * in_run, "noBreakHyphen": "-"}.get(name, "\n"))
    return "".join(parts)


def _is_hidden(above: list[Any]) -> bool:
    """Say whether the run of a text is formatted as hidden."""
    run = next((each for each in above if each.tag == f"{_W}r"), None)
    vanish = None if run is None else run.find(f"{_W}rPr/{_W}vanish")
    return vanish is not None and vanish.get(f"{_W}val") not in {"0", "false"}


def _above(node: Any, top: Any) -> Iterator[Any]:
    """Yield what a node stands in, up to the paragraph."""
    for each in node.iterancestors():
        if each is top:
            return
        yield each
