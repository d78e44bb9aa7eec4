"""A file as one source, or as several where several reports lie in it: a table with a report in each row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from assistant.corpus.catalogue import identity_of
from assistant.corpus.kinds import is_table
from assistant.corpus.parsing.parsed import Parsed, Part
from assistant.corpus.readers import LARGEST_FILE, read_file
from assistant.corpus.sources import Source
from assistant.errors import UnreadableFile


def parted(files: Iterable[Source], is_held: Callable[[str], bool], in_place_of: str = "") -> Iterator[Source]:
    """Yield each report by itself; a file that cannot be opened is refused when its turn comes.

    One that is held as a whole is not even read. Where a report is to be replaced, a file of several is refused.
    """
    for file in files:
        try:
            parts = _parts(file, is_held)
            if not in_place_of:
                yield from parts
                continue
            whole, *more = parts
            if more:
                told = f"《{file.path.name}》里有{len(more) + 1}份报告，不能用来换掉一份。"
                raise UnreadableFile(told, "请只留下要换上的那一份。")
            yield whole
        except UnreadableFile as error:
            yield replace(file, refusal=error)
        except OSError:
            yield file  # whoever reads it says why


def parsed_of(source: Source, tell: Callable[[int, int], None] | None) -> Parsed:
    """Return the text of one report; raises `UnreadableFile` as `read_file` does, and where there are several."""
    parsed = source.parsed or read_file(source.path, source.content, tell)
    if parsed.parts:
        told = f"《{source.path.name}》里是表格，装有{len(parsed.parts)}份报告。"
        raise UnreadableFile(told, "请把文件名的后缀改成 .xlsx 再导入。")
    return parsed


def _parts(source: Source, is_held: Callable[[str], bool]) -> Iterator[Source]:
    is_there = source.content is not None or source.path.is_file()
    if source.refusal is not None or not is_there or not is_table(source.path) or _is_held(source, is_held):
        yield source
        return
    parsed = read_file(source.path, source.content)
    if not parsed.parts:
        yield replace(source, parsed=parsed)
    for at, part in enumerate(parsed.parts):
        yield _source(source, part, parsed.notes if at == 0 else ())


def _is_held(source: Source, is_held: Callable[[str], bool]) -> bool:
    return source.size <= LARGEST_FILE and is_held(identity_of(source.path, source.content))


def _source(source: Source, part: Part, notes: tuple[str, ...]) -> Source:
    path = source.path.with_name(f"{source.path.name} {part.name}")
    if not part.text:
        return Source(path, b"", UnreadableFile(f"《{path.name}》没有正文。", "请补上正文，或者删去这一行。"), stem="")
    parsed = Parsed(part.text, has_paragraphs=False, notes=(*part.notes, *notes))
    return Source(path, part.text.encode(), parsed=parsed, stem=part.stem)
