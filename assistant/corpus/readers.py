"""Files to text: txt and Markdown here, every other kind in a child process after a cheap gate."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from assistant.corpus.decoding import decode, is_garbled, without_radicals
from assistant.corpus.kinds import CSV, FAILED, HTML, RECOGNISE, TEXT, XLSX, Kind, Said, kind_of, said_of
from assistant.corpus.markdown import count_pictures, without_front_matter, without_markup
from assistant.corpus.parsing.parsed import Parsed, ParserError, pictures_unread
from assistant.corpus.sandbox import parse, parse_by_pages
from assistant.errors import UnreadableFile

LARGEST_FILE = 50 << 20
_LARGEST_TEXT = 20 << 20


def read_text(path: Path) -> str:
    """Return the text of a report's file; raises as `read_file` does."""
    return read_file(path).text


def can_recognise() -> bool:
    """Say whether the extra is installed that recognises text in pictures."""
    return find_spec("rapidocr") is not None


def read_file(path: Path, content: bytes | None = None, tell: Callable[[int, int], None] | None = None) -> Parsed:
    """Return the text of a report's file, with one line a paragraph or table row as far as the file tells, and what it lacks.

    `content` are the bytes of a file that lies in an archive; `tell` is called with how many of its pictures of how many are
    recognised, where its pages are pictures. Raises `UnreadableFile` with the reason and what to do when it is missing, empty, too large, of a kind that is not
    read, protected, scanned, damaged, or in an encoding that would give garbled characters.
    """
    told = said_of(path.suffix.lower())
    if told is not None and not path.is_dir():
        raise _refusal(path, told)
    data = _bytes_of(path) if content is None else content
    if not data.strip():
        raise _refusal(path, ("是空的", "请重新下载或复制一份完整的文件。"))
    parsed = _parsed(path, data, tell)
    parts = tuple(replace(part, text=without_radicals(part.text)) for part in parsed.parts)
    return replace(parsed, text=without_radicals(parsed.text), parts=parts)


def _parsed(path: Path, data: bytes, tell: Callable[[int, int], None] | None) -> Parsed:
    kind = kind_of(path.suffix.lower(), data)
    if not isinstance(kind, Kind):
        raise _refusal(path, kind)
    if kind is TEXT:
        text = without_front_matter(_plain_text(path, data))
        if path.suffix.lower() != ".md":
            return Parsed(text, has_paragraphs=False)
        return Parsed(without_markup(text), has_paragraphs=False, notes=pictures_unread(count_pictures(text)))
    if kind is HTML or kind is CSV:
        data = _plain_text(path, data, declared=_declared_charset(data) if kind is HTML else None).encode()
    said = {**FAILED, **kind.failed}
    try:
        parsed = _read(kind, data, tell)
    except ParserError as failure:
        raise _refusal(path, said[failure.reason]) from failure
    whole = parsed.text or "".join(part.text for part in parsed.parts)
    if not whole.strip():
        raise _refusal(path, _without_report(parsed) if kind in (XLSX, CSV) else said["empty"])
    if is_garbled(whole):
        raise _refusal(path, said["garbled"])
    return parsed


def _read(kind: Kind, data: bytes, tell: Callable[[int, int], None] | None) -> Parsed:
    """Return what a file holds; pages that are pictures are recognised where the extra for it is installed."""
    recognises = bool(kind.recogniser) and can_recognise()
    try:
        if not kind.parser:
            raise ParserError("scanned")  # a picture has no text of its own
        parsed = parse(kind.parser, data)
    except ParserError as failure:
        if failure.reason != "scanned" or not recognises:
            raise
    else:
        if not recognises and kind.recogniser and parsed.unread:
            return replace(parsed, notes=(*parsed.notes, f"要把这些页也收进来：运行 {RECOGNISE}，再收录一次。"))
        if not recognises or not (parsed.unread or is_garbled(parsed.text)):
            return parsed
    try:
        return parse_by_pages(kind.recogniser, data, tell)
    except ParserError as failure:
        raise ParserError("illegible" if failure.reason == "scanned" else failure.reason) from failure


def _without_report(table: Parsed) -> Said:
    """Say of a table without text what it holds."""
    told = "；".join(note.rstrip("。") for note in table.notes)
    hint = "正文要在一列里：一行一段，或者一行一份报告，表头写上地区、年份、标题、正文。"
    return f"里没有报告的正文：{told}" if told else "里面没有文字", hint


def _bytes_of(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise _refusal(path, ("是文件夹，不是文件", "请指定文件夹里的文件。"))
        size = path.stat().st_size
        if size > LARGEST_FILE:
            told = f"太大（{size >> 20} MB），上限是 {LARGEST_FILE >> 20} MB"
            raise _refusal(path, (told, "一份报告的文字不到 1 MB，请去掉图片或附件。"))
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UnreadableFile(f"找不到文件：{path}", "请检查路径和文件名。") from error
    except (OSError, ValueError) as error:
        raise UnreadableFile(f"打不开文件：{path}", "请检查文件的读取权限。") from error


def _declared_charset(data: bytes) -> str | None:
    found = re.search(rb"charset\s*=\s*[\"']?\s*([\w-]{2,20})", data[:4096], re.IGNORECASE)
    return found.group(1).decode("ascii", "ignore").lower() if found else None


def _plain_text(path: Path, data: bytes, declared: str | None = None) -> str:
    if len(data) > _LARGEST_TEXT:
        told = f"太大（{len(data) >> 20} MB），文字文件的上限是 {_LARGEST_TEXT >> 20} MB"
        raise _refusal(path, (told, "请只保留报告正文。"))
    text = decode(data)
    if text is None and declared in {"big5", "gbk", "gb2312", "gb18030"}:
        told = data.decode("gb18030" if declared.startswith("gb") else declared, "replace")
        text = None if is_garbled(told) else told
    if text is None:
        told = "的文字编码无法识别，读出来会是乱码"
        raise _refusal(path, (told, "请用记事本打开，另存为 UTF-8 编码的 .txt。"))
    if not text.strip():
        raise _refusal(path, ("里面没有文字", "请检查文件内容是否完整。"))
    return text


def _refusal(path: Path, said: Said) -> UnreadableFile:
    reason, hint = said
    return UnreadableFile(f"《{path.name}》{reason}。", hint)
