"""The kinds of files that are read or known: how each is called, how its content begins, who parses it, what is said of it."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

_TO_TEXT = "请先用文字识别（OCR）软件转成文字，存为 .txt 或 .docx 再导入。"
RECOGNISE = "pip install '.[ocr]' -c constraints.txt"
"""What installs the extra that recognises text in pictures."""
_RECOGNISE = f"安装文字识别组件（在程序目录运行 {RECOGNISE}）后就能收录，识别不用联网；或者先转成文字，存为 .txt 或 .docx 再导入。"
_SAVE_AS = "请用 Word 或 WPS 打开后另存为 .docx，或复制正文存为 .txt。"
_AGAIN = "请重新下载或复制一份完整的文件。"
_ENCRYPTED = ("有密码保护，打不开", "请先去掉密码，另存一份再导入。")

Said = tuple[str, str]
"""What is wrong with a file, to stand behind its name, and what can be done about it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file."""

    name: str
    suffixes: tuple[str, ...] = ()
    """What its files are called."""
    parser: str = ""
    """Module and function under `assistant.corpus.parsing`, run in the throw-away child; none for plain text."""
    magic: tuple[bytes, ...] = ()
    """How its content begins."""
    member: str = ""
    """What a zip file must hold to be of this kind."""
    recogniser: str = ""
    """The same for files whose pages are pictures, where the extra for it is installed."""
    paged: bool = False
    """Whether its files have pages."""
    refused: Said | None = None
    """Why it is not read."""
    failed: dict[str, Said] = field(default_factory=dict)
    """What is said where its parser fails for a reason, in place of `FAILED`."""


FAILED: dict[str, Said] = {
    "encrypted": _ENCRYPTED,
    "scanned": ("是扫描件，里面只有图片，没有文字", _TO_TEXT),
    "heavy": ("结构太复杂，解析占用的内存或时间超出了限制", "请复制正文存为 .txt 再导入。"),
    "broken": ("已损坏或不完整，无法解析", _AGAIN),
    "empty": ("里面没有文字", "如果内容是图片，" + _TO_TEXT),
    "garbled": ("的字体没有对应的文字编码，读出来是乱码", _TO_TEXT),
}

TEXT = Kind("text", (".txt", ".md"))
HTML = Kind("html", (".html", ".htm"), "page:html_text")
XLSX = Kind("xlsx", (".xlsx",), "workbook:workbook_text", member="xl/workbook.xml")
CSV = Kind(
    "csv",
    (".csv",),
    "delimited:csv_text",
    failed={
        "quotes": ("的引号不成对，分不清哪里是一格", "请用Excel或WPS打开，核对后另存为 .xlsx，或UTF-8编码的 .csv。")
    },
)
_NO_TEXT = ("是图片，里面没有可以读取的文字", _TO_TEXT)
PICTURE = Kind(
    "picture",
    (".jpg", ".jpeg", ".png", ".tif", ".tiff"),
    magic=(b"\x89PNG", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*"),
    recogniser="still:recognised_picture",
    paged=True,
    failed={
        "scanned": ("是图片，里面没有可以读取的文字", _RECOGNISE),
        "illegible": ("是图片，里面没有认出报告的文字", _TO_TEXT),
        "heavy": ("是图片，大得处理不了", "请存成小一些的图片，或者分成几页存成 PDF。"),
    },
)
KINDS = (
    TEXT,
    Kind("docx", (".docx",), "word:docx_text", member="word/document.xml"),
    Kind(
        "doc",
        (".doc", ".wps"),
        "legacy:doc_text",
        magic=(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",),
        failed={
            "foreign": ("是旧版 Office 文件，但不是 Word 文档（可能是 Excel 或 PowerPoint）", _SAVE_AS),
            "ancient": ("是 Word 95 或更早的格式，读不了", _SAVE_AS),
            "broken": ("是旧版 Word 格式，但读不出来，可能已损坏", _SAVE_AS),
        },
    ),
    Kind("ofd", (".ofd",), "ofd:ofd_text", member="OFD.xml", paged=True),
    Kind(
        "pdf",
        (".pdf",),
        "pdf:pdf_text",
        magic=(b"%PDF",),
        recogniser="scan:recognised_text",
        paged=True,
        failed={
            "scanned": ("是扫描件，里面只有图片，没有文字", _RECOGNISE),
            "garbled": ("的字体没有对应的文字编码，读出来是乱码", _RECOGNISE),
            "illegible": ("是扫描件，图片里没有认出报告的文字", _TO_TEXT),
        },
    ),
    HTML,
    XLSX,
    CSV,
    Kind("xls", (".xls", ".et"), refused=("是旧版的Excel或WPS表格，读不了", "请用Excel或WPS打开后另存为 .xlsx。")),
    Kind(
        "pptx", (".pptx", ".ppt", ".dps"), member="ppt/presentation.xml", refused=("是演示文稿，不是报告正文", _SAVE_AS)
    ),
    Kind("rtf", (".rtf",), magic=(b"{\\rtf",), refused=("是 RTF 格式，暂不支持", _SAVE_AS)),
    PICTURE,
    Kind("image", (".gif", ".bmp"), magic=(b"GIF8", b"BM"), refused=_NO_TEXT),
    Kind(
        "media",
        (".mp4", ".mp3", ".wav", ".avi", ".webp"),
        magic=(b"RIFF",),
        refused=("是图片或音视频文件，不是文字材料", _TO_TEXT),
    ),
    Kind(
        "archive",
        (".rar", ".7z", ".gz"),
        magic=(b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b"),
        refused=("是压缩包，请先解压", "可以直接收录的压缩包只有 zip。"),
    ),
)
"""In the order in which their content is tried."""

READABLE = tuple(suffix for kind in KINDS if kind.refused is None for suffix in kind.suffixes)
"""Suffixes of the files that are read; the content must agree."""
HINT = f"可以导入的文件：{'、'.join(suffix.removeprefix('.') for suffix in READABLE)}，以及装有它们的 zip。"

_BINARY = frozenset(
    suffix for kind in KINDS if (kind.magic or kind.member) and kind.refused is None for suffix in kind.suffixes
)
_MOST_ENTRIES = 3000
_LARGEST_UNPACKED = 200 << 20


def said_of(suffix: str) -> Said | None:
    """Return what is said of files that are called so (`.jpg`) where they are not read; None where they are."""
    if not suffix or suffix in READABLE:
        return None
    refused = next((kind.refused for kind in KINDS if suffix in kind.suffixes), None)
    return refused or (f"是 {suffix} 文件，不在可以导入的类型里", HINT)


def is_table(path: Path) -> bool:
    """Say whether files that are called so are tables, which may hold a report in each row."""
    return path.suffix.lower() in (*XLSX.suffixes, *CSV.suffixes)


def is_paged(path: Path) -> bool:
    """Say whether files that are called so have pages."""
    return any(kind.paged for kind in KINDS if path.suffix.lower() in kind.suffixes)


def holds_document(path: Path) -> bool:
    """Say whether a zip file is a document of a kind with a parser under another name."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError):
        return False
    return any(kind.member in names for kind in KINDS if kind.parser)


def kind_of(suffix: str, data: bytes) -> Kind | Said:
    """Return the kind of a file by its content, or what is wrong with it where it only bears the name (`.docx`)."""
    head = data[:1024].lstrip()
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(data)
    kind = next((kind for kind in KINDS if head.startswith(kind.magic)), None)
    if kind is not None and not (head.startswith(b"BM") and b"\0" not in head):  # a text may happen to begin with BM
        if "EncryptedPackage".encode("utf-16-le") in data:
            return _ENCRYPTED
        if kind is PICTURE and suffix not in PICTURE.suffixes:
            return _NO_TEXT
        return kind.refused or kind
    if suffix in CSV.suffixes:
        return CSV
    if suffix in HTML.suffixes or re.match(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html)", head, re.IGNORECASE):
        return HTML
    if suffix in _BINARY:
        return f"不是真正的 {suffix} 文件，或者已损坏", _AGAIN
    return TEXT


def _zipped(data: bytes) -> Kind | Said:
    """Let a zip through to a parser only when it holds a document of a sane size."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, RuntimeError):
        return FAILED["broken"]
    if any(entry.flag_bits & 1 for entry in entries):
        return FAILED["encrypted"]
    names = {entry.filename for entry in entries}
    kind = next((kind for kind in KINDS if kind.member in names), None)
    if kind is None:
        return "是压缩包，不是 Word 文档", HINT
    if len(entries) > _MOST_ENTRIES or sum(entry.file_size for entry in entries) > _LARGEST_UNPACKED:
        return FAILED["heavy"]
    return kind.refused or kind
