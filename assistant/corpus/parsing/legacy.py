"""Word files of 1997 to 2003 (.doc, and .wps of WPS Office): the text of each part of the document, by its table of pieces.

The layout of the file is that of [MS-DOC]; `legacy-doc` opens the container it lies in.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from legacy_doc import ExtractionOptions, LegacyDocError
from legacy_doc.ole import OleReader

from assistant.corpus.parsing.parsed import Parsed, ParserError, pictures_unread

_FIRST_VERSION = 0xC1  # Word 97
_TABLE_STREAM, _ENCRYPTED = 0x0200, 0x0100
_COUNTS = 0x4C
"""Where the lengths of the parts stand: text, footnotes, headers, macros, comments, endnotes, text boxes, those of headers."""
_PIECES, _LISTS = 0x1A2, 0x2EA
_NUMBERS_LOST = "旧版 Word 文件里自动生成的编号（如一、（一））读不出来；编号如果是自动生成的，请另存为 .docx 再收录。"


def doc_text(data: bytes) -> Parsed:
    """Return the text of a Word file of the old format, its text boxes, and its notes below."""
    try:
        container = OleReader(data, options=ExtractionOptions(max_file_bytes=len(data)))
        if container.has_stream("EncryptedPackage"):
            raise ParserError("encrypted")
        if not container.has_stream("WordDocument"):
            raise ParserError("foreign")
        document = container.read_stream("WordDocument")
        version, flags = struct.unpack_from("<H6xH", document, 2)
        if version < _FIRST_VERSION:
            raise ParserError("ancient")
        if flags & _ENCRYPTED:
            raise ParserError("encrypted")
        table = container.read_stream("1Table" if flags & _TABLE_STREAM else "0Table")
        text = "".join(_pieces(document, table))
    except (LegacyDocError, struct.error) as error:
        raise ParserError("broken") from error
    main, footnotes, _, _, _, endnotes, boxes, _ = _parts(text, struct.unpack_from("<8I", document, _COUNTS))
    notes = [note for part in (footnotes, endnotes) for note in _lines(part)]
    glossary = ["名词解释", *(f"[{number}]{note}" for number, note in enumerate(notes, 1))] if notes else []
    lost = (_NUMBERS_LOST,) * (struct.unpack_from("<I", document, _LISTS + 4)[0] > 4)
    lines = [*_lines(main), *_lines(boxes), *glossary]
    return Parsed(
        "\n".join(lines), has_paragraphs=False, notes=(*pictures_unread(len(re.findall("[\x01\x08]", main))), *lost)
    )


def _pieces(document: bytes, table: bytes) -> Iterator[str]:
    """Yield the pieces that make up the text, of which some are of one byte a character and some of two."""
    at, length = struct.unpack_from("<II", document, _PIECES)
    end = at + length
    while at < end and table[at : at + 1] == b"\x01":  # formats that pieces refer to
        at += 3 + struct.unpack_from("<H", table, at + 1)[0]
    if table[at : at + 1] != b"\x02":
        raise ParserError("broken")
    count = (struct.unpack_from("<I", table, at + 1)[0] - 4) // 12
    places = struct.unpack_from(f"<{count + 1}I", table, at + 5)
    for number in range(count):
        (told,) = struct.unpack_from("<I", table, at + 5 + 4 * (count + 1) + 8 * number + 2)
        size = places[number + 1] - places[number]
        if told & 0x40000000:
            start = (told & 0x3FFFFFFF) // 2
            yield document[start : start + size].decode("cp1252", "replace")
        else:
            yield document[told : told + 2 * size].decode("utf-16-le", "replace")


def _parts(text: str, lengths: tuple[int, ...]) -> Iterator[str]:
    for length in lengths:
        yield text[:length]
        text = text[length:]


def _lines(part: str) -> list[str]:
    """Return the paragraphs and table rows of a part, without the marks of fields, pictures and notes."""
    part = re.sub(r"\x13[^\x13-\x15]*\x14|\x13[^\x13-\x15]*\x15|[\x13-\x15]", "", _innermost(part))
    part = part.replace("\x1e", "-").replace("\x1f", "").replace("\xa0", " ")
    rows = re.sub(r"\x07\x07", "\x07\r", part)
    lines = [_row(line) for line in re.split(r"[\r\n\x0b\x0c\x0e]", rows)]
    return [line for line in lines if line]


def _innermost(part: str) -> str:
    """Reduce fields within fields to what they show, from the inside out."""
    for _ in range(10):
        reduced = re.sub(r"\x13[^\x13-\x15]*\x14([^\x13-\x15]*)\x15", r"\1", part)
        if reduced == part:
            break
        part = reduced
    return part


def _row(line: str) -> str:
    cells = [" ".join(re.sub(r"[\x00-\x08\x0f-\x1f]", "", cell).split()) for cell in line.split("\x07")]
    return " | ".join(cell for cell in cells if cell)
