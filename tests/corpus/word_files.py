"""Word files as Word writes them where python-docx alone does not: lists that number themselves, changes, boxes, notes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

import docx

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

CHAPTERS = (("chineseCountingThousand", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))
"""The three levels of a report's headings: format and text of each."""


def listed(levels: Sequence[tuple[str, str]], more: str = "") -> str:
    """Return the XML of a list with these levels, and of the one use that is made of it."""
    told = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (form, text) in enumerate(levels)
    )
    return f'<w:abstractNum w:abstractNumId="0">{told}</w:abstractNum>{more}<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'


def paragraph(text: str, depth: int | None = None, num: int = 1, style: str = "") -> str:
    """Return the XML of a paragraph, numbered at a depth of a list or not."""
    number = "" if depth is None else f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{num}"/></w:numPr>'
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{number}</w:pPr>{run(text)}</w:p>"


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def word(body: str, numbering: str = "", styles: str = "", **notes: Sequence[str]) -> bytes:
    """Return a Word file with this body; `footnotes` and `endnotes` are the texts of notes."""
    empty = io.BytesIO()
    docx.Document().save(empty)
    parts = {"numbering": numbering, **{kind: _notes(kind, texts) for kind, texts in notes.items()}}
    parts = {name: xml for name, xml in parts.items() if xml}
    out = io.BytesIO()
    with zipfile.ZipFile(empty) as archive, zipfile.ZipFile(out, "w") as made:
        for entry in archive.infolist():
            text = archive.read(entry).decode("utf-8") if entry.filename.endswith((".xml", ".rels")) else None
            if entry.filename == "word/numbering.xml" and numbering:
                continue
            if text is None:
                made.writestr(entry, archive.read(entry))
                continue
            if entry.filename == "word/document.xml":
                start, end = text.index("<w:body>") + 8, text.index("<w:sectPr")
                text = text[:start] + body + text[end:]
            if entry.filename == "word/styles.xml":
                text = text.replace("</w:styles>", f"{styles}</w:styles>")
            for name in parts:
                if name == "numbering":
                    continue
                text = text.replace(
                    "</Types>", f'<Override PartName="/word/{name}.xml" ContentType="{_TYPES}.{name}+xml"/></Types>'
                )
                if entry.filename == "word/_rels/document.xml.rels":
                    relation = f'<Relationship Id="r{name}" Type="{_RELATIONS}/{name}" Target="{name}.xml"/>'
                    text = text.replace("</Relationships>", f"{relation}</Relationships>")
            made.writestr(entry.filename, text)
        for name, xml in parts.items():
            made.writestr(f"word/{name}.xml", f'<w:{name} xmlns:w="{_W}">{xml}</w:{name}>')
    return out.getvalue()


def _notes(kind: str, texts: Sequence[str]) -> str:
    name = kind.removesuffix("s")
    return "".join(f'<w:{name} w:id="{at}">{paragraph(text)}</w:{name}>' for at, text in enumerate(texts, 1))
