"""Files to text: txt and Markdown here, HTML, Word and PDF in a child process after a cheap gate."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from assistant.corpus.decoding import decode, is_garbled
from assistant.corpus.sandbox import ParserError, extract_text
from assistant.errors import UnreadableFile

READABLE = (".txt", ".md", ".html", ".htm", ".docx", ".pdf")
"""Kinds of files that are read, by suffix; the content must agree."""
LARGEST_FILE = 50 << 20
_LARGEST_TEXT = 20 << 20
_LARGEST_UNPACKED = 200 << 20
_MOST_ENTRIES = 3000
_HINT = f"可以导入的文件：{'、'.join(suffix.removeprefix('.') for suffix in READABLE)}。"
_SAVE_AS = "请用 Word 或 WPS 打开后另存为 .docx，或复制正文存为 .txt。"
_TO_TEXT = "请先用文字识别（OCR）软件转成文字，存为 .txt 或 .docx 再导入。"
_AGAIN = "请重新下载或复制一份完整的文件。"

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"BM", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"RIFF", "media"),
    (b"{\\rtf", "rtf"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
)
_REFUSED: dict[str, tuple[str, str]] = {
    "image": ("是图片，里面没有可以读取的文字", _TO_TEXT),
    "media": ("是图片或音视频文件，不是文字材料", _HINT),
    "rtf": ("是 RTF 格式，暂不支持", _SAVE_AS),
    "archive": ("是压缩包，请先解压", _HINT),
}
_FAILED: dict[str, tuple[str, str]] = {
    "encrypted": ("有密码保护，打不开", "请先去掉密码，另存一份再导入。"),
    "scanned": ("是扫描件，里面只有图片，没有文字", _TO_TEXT),
    "heavy": ("结构太复杂，解析占用的内存或时间超出了限制", "请复制正文存为 .txt 再导入。"),
    "broken": ("已损坏或不完整，无法解析", _AGAIN),
}


_FRONT_MATTER = re.compile(r"\A---\n(?P<lines>(?:[^\n]*\n){1,40}?)---\n")
"""The lines of keys that open a Markdown file of a site generator (Jekyll, Hugo)."""


def _without_front_matter(text: str) -> str:
    """The text with its front matter gone but for the title, which becomes the first line."""
    found = _FRONT_MATTER.match(text)
    if found is None:
        return text
    title = re.search(r"^title:\s*[\"']?(?P<title>[^\n]*?)[\"']?\s*$", found["lines"], re.MULTILINE)
    return f"{title['title']}\n{text[found.end() :]}" if title else text[found.end() :]


def read_text(path: Path) -> str:
    """Return the text of a report's file, with one line a paragraph or table row as far as the file tells.

    Raises `UnreadableFile` with the reason and what to do when it is missing, empty, too large, of a kind that is not
    read, protected, scanned, damaged, or in an encoding that would give garbled characters.
    """
    data = _bytes_of(path)
    kind = _kind_of(path, data)
    if kind == "text":
        return _without_front_matter(_plain_text(path, data))
    if kind == "html":
        data = _plain_text(path, data, declared=_declared_charset(data)).encode()
    try:
        text = extract_text(kind, data)
    except ParserError as failure:
        raise _refusal(path, *_FAILED[failure.reason]) from failure
    if not text.strip():
        raise _refusal(path, "里面没有文字", "如果内容是图片，" + _TO_TEXT)
    if is_garbled(text):
        raise _refusal(path, "的字体没有对应的文字编码，读出来是乱码", _TO_TEXT)
    return text


def _bytes_of(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise _refusal(path, "是文件夹，不是文件", "请指定文件夹里的文件。")
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise _refusal(
                path,
                f"太大（{size >> 20} MB），上限是 {LARGEST_FILE >> 20} MB",
                "一份报告的文字不到 1 MB，请去掉图片或附件。",
            )
        if path.suffix.lower() == ".doc":
            raise _refusal(path, "是旧版 Word（.doc）格式，暂不支持", _SAVE_AS)
        if path.suffix and path.suffix.lower() not in READABLE:
            raise _refusal(path, f"是 {path.suffix} 文件，不在可以导入的类型里", _HINT)
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise UnreadableFile(f"找不到文件：{path}", "请检查路径和文件名。") from error
    except (OSError, ValueError) as error:
        raise UnreadableFile(f"打不开文件：{path}", "请检查文件的读取权限。") from error
    if not data.strip():
        raise _refusal(path, "是空的", _AGAIN)
    return data


def _kind_of(path: Path, data: bytes) -> str:
    """Return text, html, docx or pdf by content; refuse what only bears the name."""
    head = data[:1024].lstrip()
    kind = next((kind for magic, kind in _MAGIC if head.startswith(magic)), None)
    suffix = path.suffix.lower()
    if kind == "image" and head.startswith(b"BM") and b"\0" not in head:
        kind = None  # a text that happens to begin with BM
    if kind in _REFUSED:
        raise _refusal(path, *_REFUSED[kind])
    if kind == "ole":
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise _refusal(path, *_FAILED["encrypted"])
        raise _refusal(path, "是旧版 Office（.doc、.xls 等）格式，暂不支持", _SAVE_AS)
    if kind == "zip":
        _check_zip(path, data)
        return "docx"
    if kind == "pdf":
        return kind
    if suffix in {".docx", ".pdf"}:
        raise _refusal(path, f"不是真正的 {suffix} 文件，或者已损坏", _AGAIN)
    if suffix in {".html", ".htm"} or re.match(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html)", head, re.IGNORECASE):
        return "html"
    return "text"


def _check_zip(path: Path, data: bytes) -> None:
    """Let a zip through to the Word parser only when it holds a Word document of a sane size."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise _refusal(path, *_FAILED["broken"]) from error
    names = {entry.filename for entry in entries}
    if any(entry.flag_bits & 1 for entry in entries):
        raise _refusal(path, *_FAILED["encrypted"])
    if "word/document.xml" not in names:
        kind = (
            "Excel 表格" if "xl/workbook.xml" in names else "演示文稿" if "ppt/presentation.xml" in names else "压缩包"
        )
        raise _refusal(path, f"是{kind}，不是 Word 文档", _HINT)
    if len(entries) > _MOST_ENTRIES or sum(entry.file_size for entry in entries) > _LARGEST_UNPACKED:
        raise _refusal(path, *_FAILED["heavy"])


def _declared_charset(data: bytes) -> str | None:
    found = re.search(rb"charset\s*=\s*[\"']?\s*([\w-]{2,20})", data[:4096], re.IGNORECASE)
    return found.group(1).decode("ascii", "ignore").lower() if found else None


def _plain_text(path: Path, data: bytes, declared: str | None = None) -> str:
    if len(data) > _LARGEST_TEXT:
        raise _refusal(
            path, f"太大（{len(data) >> 20} MB），文字文件的上限是 {_LARGEST_TEXT >> 20} MB", "请只保留报告正文。"
        )
    text = decode(data)
    if text is None and declared in {"big5", "gbk", "gb2312", "gb18030"}:
        told = data.decode("gb18030" if declared.startswith("gb") else declared, "replace")
        text = None if is_garbled(told) else told
    if text is None:
        raise _refusal(path, "的文字编码无法识别，读出来会是乱码", "请用记事本打开，另存为 UTF-8 编码的 .txt。")
    if not text.strip():
        raise _refusal(path, "里面没有文字", _AGAIN)
    return text


def _refusal(path: Path, reason: str, hint: str) -> UnreadableFile:
    return UnreadableFile(f"《{path.name}》{reason}。", hint)
