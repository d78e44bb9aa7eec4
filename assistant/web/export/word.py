"""Writes a record as a Word document with Chinese fonts, heading styles and the implicit AI label."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING, Any

from assistant.web.export.record import TITLE, Block, Heading, Table, Text

if TYPE_CHECKING:
    from docx.document import Document

_BODY, _HEADING, _LATIN = "仿宋", "宋体", "Times New Roman"
_SIZES = {"Normal": 12, "Title": 20, "Heading 1": 15, "Heading 2": 13}
"""Points."""
_NOTE_SIZE, _CELL_SIZE = 10.5, 10.5
_CUSTOM = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_PROPERTY = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
    'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
    '<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="2" name="AIGC"><vt:lpwstr>{value}</vt:lpwstr>'
    "</property></Properties>"
)


def document(blocks: Iterable[Block], at: datetime, label: Mapping[str, str] | None) -> bytes:
    """The blocks as a .docx file; `label` becomes its property AIGC."""
    import docx

    written = docx.Document()
    _set_styles(written)
    for block in blocks:
        if isinstance(block, Heading):
            written.add_heading(block.text, block.level)
        elif isinstance(block, Text):
            _add_text(written, block)
        else:
            _add_table(written, block)
    properties = written.core_properties
    properties.title, properties.author, properties.last_modified_by = TITLE, "政问", "政问"
    properties.comments, properties.language = "", "zh-CN"
    properties.created = properties.modified = at.astimezone(UTC)
    if label:
        _add_label(written, label)
    file = BytesIO()
    written.save(file)
    return file.getvalue()


def _set_styles(written: Document) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for name, size in _SIZES.items():
        style: Any = written.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = _LATIN, Pt(size), RGBColor(0, 0, 0)
        fonts = style.element.rPr.rFonts
        # A theme's font would win over the one that is named.
        for attribute in [name for name in fonts.attrib if "heme" in name]:
            del fonts.attrib[attribute]
        fonts.set(qn("w:eastAsia"), _BODY if style.name == "Normal" else _HEADING)


def _add_text(written: Document, block: Text) -> None:
    from docx.shared import Pt, RGBColor

    run = written.add_paragraph().add_run(block.text)
    if block.is_note:
        run.font.size, run.font.color.rgb = Pt(_NOTE_SIZE), RGBColor(0x59, 0x59, 0x59)


def _add_table(written: Document, block: Table) -> None:
    from docx.oxml import OxmlElement
    from docx.shared import Pt

    table = written.add_table(rows=len(block.rows) + 1, cols=len(block.header), style="Table Grid")
    for row, texts in zip(table.rows, (block.header, *block.rows), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            run = cell.paragraphs[0].add_run(text)
            run.font.size, run.bold = Pt(_CELL_SIZE), texts is block.header
    # The header comes again on each page that the table runs over.
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    written.add_paragraph()


def _add_label(written: Document, label: Mapping[str, str]) -> None:
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    xml = _PROPERTY.format(value=escape(json.dumps(label, ensure_ascii=False), quote=False))
    package = written.part.package
    package.relate_to(Part(PackURI("/docProps/custom.xml"), _CUSTOM, xml.encode(), package), _RELATION)
