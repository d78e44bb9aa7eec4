"""Parse Word, PDF and HTML in a child process that is thrown away: a hostile file costs it, not the assistant.

A Word file of 617 KB was seen to take 12.8 GB of memory and a PDF of 15 KB more than 120 s, so memory, processor time
and wall time are limited. `python -m assistant.corpus.sandbox KIND` reads the file's bytes from standard input.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 20
WALL_SECONDS = 30.0
_LONGEST_TEXT = 20_000_000
_MOST_PAGES = 3000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BLOCKS = re.compile(
    "address|article|aside|blockquote|body|br|caption|center|d[dlt]|div|fig(?:caption|ure)|foot|form|h[1-6]|header|hr|html|"
    "li|main|nav|[ou]l|p|pre|section|t(?:able|body|foot|head|itle|r)|footer"
)
_UNSEEN = re.compile("script|style|noscript|template|head|iframe|object|svg|select|button|textarea")


class ParserError(Exception):
    """The child could not give the text; `reason` is encrypted, scanned, heavy or broken."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def extract_text(kind: str, data: bytes, wall_seconds: float = WALL_SECONDS) -> str:
    """Return the text of a docx, pdf or html file, parsed in a child process.

    Raises `ParserError` when the file is encrypted, holds only pictures, is broken, or takes more than its share of
    memory (1 GiB), processor time (20 s) or wall time (`wall_seconds`).
    """
    root = str(Path(__file__).resolve().parents[2])
    environment = {"PYTHONPATH": root, "PYTHONUTF8": "1", "PATH": os.environ.get("PATH", "")}
    command = [sys.executable, "-P", "-m", "assistant.corpus.sandbox", kind]
    try:
        child = subprocess.run(
            command, input=data, capture_output=True, timeout=wall_seconds, env=environment, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ParserError("heavy") from error
    try:
        reply = json.loads(child.stdout)
    except ValueError as error:  # the limits of the operating system ended the child before it could reply
        raise ParserError("heavy") from error
    if "reason" in reply:
        raise ParserError(reply["reason"])
    return str(reply["text"])


def limit_itself() -> None:
    """Bind this process to its share before a parser is loaded; systems without the calls have the wall clock only."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        bound = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(what, (bound, bound))


def _docx_text(data: bytes) -> str:
    import docx

    document = docx.Document(io.BytesIO(data))
    lines = list(_word_lines(document.element.body))
    notes = [part for part in document.part.package.iter_parts() if str(part.partname) == "/word/footnotes.xml"]
    if notes:
        lines += _footnotes(notes[0].blob)
    return "\n".join(lines)


def _word_lines(element: Any) -> Iterator[str]:
    """Yield the paragraphs and table rows below an element in reading order; deleted text has another tag."""
    for child in element:
        if child.tag == f"{_W}p":
            yield from _word_text(child).split("\n")
        elif child.tag == f"{_W}tbl":
            for row in child.iter(f"{_W}tr"):
                cells = (" ".join(" ".join(_word_lines(cell)).split()) for cell in row.iterchildren(f"{_W}tc"))
                yield " | ".join(cell for cell in cells if cell)
        elif child.tag in {f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml", f"{_W}ins", f"{_W}smartTag"}:
            yield from _word_lines(child)


def _word_text(paragraph: Any) -> str:
    """Return what a paragraph shows: inserted text, links and text boxes too, the copy for old readers not."""
    parts: list[str] = []
    for node in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}noBreakHyphen"):
        if any(above.tag == _FALLBACK for above in node.iterancestors()):
            continue
        name = node.tag.removeprefix(_W)
        in_run = node.getparent().tag == f"{_W}r"
        parts.append(node.text or "" if name == "t" else {"tab": " " * in_run, "noBreakHyphen": "-"}.get(name, "\n"))
    return "".join(parts)


def _footnotes(blob: bytes) -> list[str]:
    """Return the footnotes of a Word file as explanations of terms below the text."""
    from lxml import etree

    root = etree.fromstring(blob, etree.XMLParser(resolve_entities=False, no_network=True))
    texts = (" ".join(" ".join(_word_lines(note)).split()) for note in root.iterchildren(f"{_W}footnote"))
    found = [text for text in texts if text]
    return ["名词解释", *(f"[{number}]{text}" for number, text in enumerate(found, 1))] if found else []


def _pdf_text(data: bytes) -> str:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise ParserError("encrypted")
    if len(reader.pages) > _MOST_PAGES:
        raise ParserError("heavy")
    text = "\n".join(page.extract_text() for page in reader.pages)
    if len("".join(text.split())) < 20:
        raise ParserError("scanned")
    return text


def _html_text(data: bytes) -> str:
    from lxml import html

    document = html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8", no_network=True))
    parts: list[str] = []
    _show(document, parts)
    return "".join(parts)


def _show(element: Any, parts: list[str]) -> None:
    """Append the text a browser would show; the cells of a row stand on one line."""
    hidden = "display:none" in (element.get("style") or "").replace(" ", "") or element.get("hidden") is not None
    if isinstance(element.tag, str) and not _UNSEEN.fullmatch(element.tag) and not hidden:
        block = _BLOCKS.fullmatch(element.tag) is not None
        parts.append("\n" * block)
        if element.tag == "tr":
            cells = (" ".join("".join(cell.itertext()).split()) for cell in element if cell.tag in {"td", "th"})
            parts.append(" | ".join(cell for cell in cells if cell))
        else:
            parts.append(" ".join((element.text or "").split("\n")))
            for child in element:
                _show(child, parts)
        parts.append("\n" * block)
    parts.append(" ".join((element.tail or "").split("\n")))


PARSERS: dict[str, Callable[[bytes], str]] = {"docx": _docx_text, "pdf": _pdf_text, "html": _html_text}


def main() -> None:
    """Read bytes from standard input, parse them as the kind named on the command line, reply with one JSON object."""
    limit_itself()
    out = os.dup(1)
    os.dup2(2, 1)  # a parser that prints must not spoil the reply
    try:
        reply = {"text": PARSERS[sys.argv[1]](sys.stdin.buffer.read())[:_LONGEST_TEXT]}
    except ParserError as failure:
        reply = {"reason": failure.reason}
    except (MemoryError, RecursionError):
        reply = {"reason": "heavy"}
    except Exception as error:  # noqa: BLE001  # whatever a parser throws at a foreign file means: broken
        reply = {"reason": "encrypted" if "encrypt" in str(error).lower() else "broken"}
    with os.fdopen(out, "wb") as stream:
        stream.write(json.dumps(reply).encode())


if __name__ == "__main__":
    main()
