"""What is to be taken in: files, all files of folders, and the members of zip files, each named even where it is not read."""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from assistant.corpus.decoding import decode
from assistant.corpus.kinds import HINT, TEXT, holds_document
from assistant.corpus.markdown import front_matter
from assistant.corpus.parsing.parsed import Parsed
from assistant.corpus.readers import LARGEST_FILE
from assistant.errors import UnreadableFile

ARCHIVE = ".zip"
_LARGEST_ARCHIVE = 1 << 30
_MOST_MEMBERS = 5000
_LARGEST_UNPACKED = 4 << 30
_MOST_SHRUNK = 200
"""Times that a member may be larger than its packed form; text shrinks to a tenth, a bomb to a thousandth."""
_UTF8_NAME = 0x800
_SYSTEM = frozenset({"thumbs.db", "desktop.ini", "__macosx"})
"""What systems leave in folders; with hidden files it is passed over without a word."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be taken in."""

    path: Path
    """Where it lies; for a member of a zip file, the zip file's path with the member's below it."""
    content: bytes | None = None
    """The bytes of a member; a file of its own is read when its turn comes."""
    refusal: UnreadableFile | None = None
    """Why it is not even opened."""
    parsed: Parsed | None = None
    """What stands in it, where it has been read already; what is only a part of a file has its text as `content`."""
    stem: str | None = None
    """What the name of a part says of it."""
    whole: str = ""
    """The id that the file has in which it lies, where that may be held as one report."""

    @property
    def size(self) -> int:
        """Bytes; 0 where there is no such file."""
        return len(self.content) if self.content is not None else _size(self.path)

    @property
    def is_part(self) -> bool:
        """Whether it is one of several reports in a file."""
        return self.stem is not None

    @property
    def suffix(self) -> str:
        """What a file of its content is called."""
        return ".txt" if self.is_part else self.path.suffix.lower()


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that lies under another name than its own: one that somebody has sent."""

    name: Path
    """What it is called; nothing is ever written under this name."""
    lies_at: Path

    def sources(self) -> Iterator[Source]:
        """Yield the file, or the members of a zip file, under its own name."""
        if self.name.suffix.lower() == ARCHIVE and not holds_document(self.lies_at):
            yield from _members(self.lies_at, self.name)
        else:
            yield Source(self.name, self.lies_at.read_bytes())


def sources(paths: Iterable[Path | Upload]) -> Iterator[Source]:
    """Yield files in the order given, those of folders and zip files in a fixed one; a member is unpacked when its turn comes."""
    for path in paths:
        if isinstance(path, Upload):
            yield from path.sources()
            continue
        for file in _walk(path) if path.is_dir() else (path,):
            if file.suffix.lower() == ARCHIVE and file.is_file() and not holds_document(file):
                yield from _members(file, file)
            else:
                yield Source(file)


def size_of(path: Path | Upload) -> int:
    """Return the bytes of a file, or of all files of a folder."""
    if isinstance(path, Upload):
        return _size(path.lies_at)
    return sum(map(_size, _walk(path))) if path.is_dir() else _size(path)


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _walk(path: Path) -> Iterator[Path]:
    for folder, inner, names in os.walk(path):
        inner[:] = sorted(name for name in inner if _is_shown(name))
        yield from (Path(folder, name) for name in sorted(names) if _is_shown(name))


def _is_shown(name: str) -> bool:
    return not name.startswith((".", "~$")) and name.lower() not in _SYSTEM


def _members(lies_at: Path, path: Path) -> Iterator[Source]:
    """Unpack the members of a zip file one by one in memory: nothing is written, so that no name leads anywhere."""
    try:
        size = lies_at.stat().st_size
        with zipfile.ZipFile(lies_at) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            told = _too_much(size, entries)
            if told:
                yield Source(path, refusal=UnreadableFile(f"《{path.name}》{told}。", "请解压后分几次收录。"))
                return
            for entry in sorted(entries, key=_name):
                parts = PurePosixPath(_name(entry)).parts
                if all(map(_is_shown, (part for part in parts if part != ".."))):
                    yield _member(archive, entry, path, parts)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError) as error:
        refusal = UnreadableFile(f"《{path.name}》已损坏或不完整，无法解压。", "请重新下载或复制一份完整的文件。")
        refusal.__cause__ = error
        yield Source(path, refusal=refusal)


def _too_much(size: int, entries: list[zipfile.ZipInfo]) -> str:
    if size > _LARGEST_ARCHIVE:
        return f"太大（{size >> 20} MB），压缩包的上限是 {_LARGEST_ARCHIVE >> 20} MB"
    if len(entries) > _MOST_MEMBERS:
        return f"里面有 {len(entries)} 个文件，上限是 {_MOST_MEMBERS} 个"
    if sum(entry.file_size for entry in entries) > _LARGEST_UNPACKED:
        return f"解压后超过 {_LARGEST_UNPACKED >> 30} GB"
    return "" if entries else "里面没有文件"


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path, parts: tuple[str, ...]) -> Source:
    shown = path.joinpath(*(part for part in parts if part not in {"/", ".."}))
    reason, hint = _refused(entry, parts)
    if reason:
        return Source(shown, refusal=UnreadableFile(f"《{shown.name}》{reason}。", hint))
    try:
        with archive.open(entry) as stream:
            return Source(shown, stream.read(LARGEST_FILE + 1))
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError):
        told = f"《{shown.name}》在压缩包里已损坏，或用了不支持的压缩方法。"
        return Source(shown, refusal=UnreadableFile(told, "请用解压软件解压后再收录。"))


def _refused(entry: zipfile.ZipInfo, parts: tuple[str, ...]) -> tuple[str, str]:
    """Return why a member is not unpacked and what to do about it; two empty texts where it is."""
    if ".." in parts or parts[:1] == ("/",):
        return "在压缩包里的路径指向压缩包外面，没有读取", "请确认压缩包的来源。"
    if entry.flag_bits & 1:
        return "有密码保护，打不开", "请解压后再收录。"
    if PurePosixPath(entry.filename).suffix.lower() in {ARCHIVE, ".rar", ".7z"}:
        return "是压缩包里的压缩包，没有展开", "请先解压里层的压缩包。"
    if entry.file_size > LARGEST_FILE:
        return f"太大（{entry.file_size >> 20} MB），上限是 {LARGEST_FILE >> 20} MB", HINT
    if entry.file_size > _MOST_SHRUNK * max(1, entry.compress_size) and entry.file_size > 1 << 20:
        return "压缩得异常厉害，可能是恶意文件，没有解压", "请确认压缩包的来源。"
    return "", ""


def _name(entry: zipfile.ZipInfo) -> str:
    """Return the name of a member; without a mark for UTF-8, Chinese Windows writes it in GBK."""
    if entry.flag_bits & _UTF8_NAME:
        return entry.filename.replace("\\", "/")
    raw = entry.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding).replace("\\", "/")
        except UnicodeDecodeError:
            continue
    return entry.filename.replace("\\", "/")


def head_of(source: Source, parsed: str) -> dict[str, str]:
    """The keys above the text of a file; those of a text file are gone from what was `parsed`."""
    if source.suffix not in TEXT.suffixes or source.is_part:
        return front_matter(parsed)
    data = source.path.read_bytes() if source.content is None else source.content
    return front_matter(decode(data) or "")
