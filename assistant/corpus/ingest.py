"""From files to the shelf: each file is read, cleaned, cut, dated and encoded, and added in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from assistant.corpus.catalogue import Recognised, identity_of, recognise, shipped_catalogue
from assistant.corpus.claims import Doubt
from assistant.corpus.cleaning import clean
from assistant.corpus.describing import checked, described
from assistant.corpus.horizon import annotate
from assistant.corpus.kinds import is_paged
from assistant.corpus.library import Library
from assistant.corpus.markdown import without_front_matter
from assistant.corpus.paging import placed
from assistant.corpus.parsing.parsed import Parsed
from assistant.corpus.parts import Opening, Recognising
from assistant.corpus.progress import Expected, Progress
from assistant.corpus.readers import LARGEST_FILE, can_recognise
from assistant.corpus.review import Review, Told
from assistant.corpus.sources import Source, Upload, head_of, size_of, sources
from assistant.corpus.structure import RULES_VERSION, build_paragraphs, build_passages
from assistant.corpus.turns import alone
from assistant.corpus.versions import beside, rivals
from assistant.errors import LibraryError, ModelError, NotAReport, UnreadableFile, ZhengwenError
from assistant.facts.report import ReadReport, read_report
from assistant.language.lexicon import Lexicon, load_lexicon
from assistant.types import Paragraph, Passage, Report

if TYPE_CHECKING:
    import numpy as np

Encode = Callable[[Sequence[str], Progress | None], "np.ndarray"]
"""Turns texts into an (n, d) array, row for row; raises `ModelError` when it cannot."""

_WAITS = "上次收录时就有疑问，还没有人确认。"
BATCH = 1024
"""Passages that are encoded together at least: enough to sort by length, and little enough to lose when killed."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class IngestOutcome:
    """What became of one file."""

    path: Path
    report: Report | None
    status: Literal["added", "already", "failed", "waiting"]
    """`waiting` where a person has to confirm what it is before it answers anything."""
    error: ZhengwenError | None = None
    passages: int = 0
    paragraphs: int = 0
    notes: tuple[str, ...] = ()
    """What the file holds that was not read, one sentence each; known only where it was parsed now."""
    doubts: tuple[str, ...] = ()
    """Why it waits, one sentence each."""


@dataclass(frozen=True, slots=True)
class _Draft:
    """A report that has been read and cut and waits for its vectors."""

    path: Path
    report: Report
    paragraphs: tuple[Paragraph, ...]
    passages: tuple[Passage, ...]
    read: ReadReport | None
    """What it states; that of a report which may not be what it seems is read when it is confirmed."""
    notes: tuple[str, ...]
    review: Review
    unread: int = 0
    """Pages of the file that hold something and were not read."""
    whole: str = ""
    """The id of the file in which it lies among others; where that is held as one report, this takes its place."""

    def outcome(self, status: Literal["added", "already", "waiting"], *doubts: str) -> IngestOutcome:
        counts = len(self.passages), len(self.paragraphs)
        told = (*(doubt.sentence for doubt in self.review.doubts), *doubts) if status == "waiting" else ()
        return IngestOutcome(self.path, self.report, status, None, *counts, self.notes, told)


def ingest(
    paths: Iterable[Path | Upload],
    library: Library,
    encode: Encode,
    embedding: str,
    progress: Progress | None = None,
    *,
    lexicon: Lexicon | None = None,
    acknowledge: Callable[[IngestOutcome], None] | None = None,
    replace_rivals: bool = False,
    in_place_of: str = "",
    split: bool | None = None,
    recognising: Recognising | None = None,
    keep: Callable[[str, Source], None] | None = None,
    **overrides: Any,
) -> list[IngestOutcome]:
    """Add files and all files of folders and zip files to the library; return what became of each, in order.

    One whose place or year is doubtful ends as `waiting`, and so does one of a place and year of which another file is held, unless
    `replace_rivals` lets it take that one's place, or `in_place_of` names that one. `split` says of a file of several reports that
    it is to be taken apart (True) or is one after all (False); else it ends as `failed`, as does a file that cannot be read or is
    no report; it stops no other. `acknowledge` is called with each outcome as soon as it stands, and what was added is on the disk.

    `overrides` (region=…, report_year=…, title=…: see `TELLABLE`) go before what the text says; they are kept, as is what was said
    of the same file before. A report that is held is added anew only when passage rules, embedding model or an override have changed.
    Raises `ModelError` when the model fails and `LibraryError` when the library cannot be written; what was added before stays.
    """
    lexicon = lexicon or load_lexicon()
    paths = list(paths)
    expected = Expected(sum(map(size_of, paths)))
    outcomes: dict[int, IngestOutcome] = {}

    def settle(place: int, outcome: IngestOutcome) -> None:
        outcomes[place] = outcome
        if acknowledge is not None:
            acknowledge(outcome)

    def shelve(waiting: Mapping[int, _Draft]) -> None:
        _shelve(waiting, library, encode, embedding, settle, expected.counting(progress), replaceable)

    def replaceable(rival: Report) -> bool:
        return replace_rivals or rival.id == in_place_of

    waiting: dict[int, _Draft] = {}
    opening = Opening(library.__contains__, in_place_of, split, recognising)
    for place, source in enumerate(opening.parted(sources(paths))):
        read = _read(source, library, embedding, lexicon, overrides, opening.parse)
        if keep is not None and read.report is not None:
            keep(read.report.id, source)
        if isinstance(read, _Draft):
            waiting[place] = read
        else:
            settle(place, read)
        expected.read(source.size, len(read.passages) if isinstance(read, _Draft) else 0)
        if sum(len(draft.passages) for draft in waiting.values()) >= BATCH:
            shelve(waiting)
            waiting = {}
    if waiting:
        shelve(waiting)
    return [outcome for _, outcome in sorted(outcomes.items())]


def ingest_seeds(
    library: Library,
    encode: Encode,
    embedding: str,
    progress: Progress | None = None,
    lexicon: Lexicon | None = None,
) -> list[IngestOutcome]:
    """Add the reports that come with the package, but for those the user has removed; quick when all are there."""
    with as_file(files("seeds")) as folder:
        seeds = [folder / name for name in shipped_catalogue()]
        wanted = [path for path in seeds if not library.was_removed(identity_of(path))]
        return ingest(wanted, library, encode, embedding, progress, lexicon=lexicon)


def _read(
    source: Source,
    library: Library,
    embedding: str,
    lexicon: Lexicon,
    overrides: dict[str, Any],
    parse: Callable[[Source], Parsed],
) -> _Draft | IngestOutcome:
    path = source.path
    try:
        if source.refusal is not None:
            raise source.refusal
        held = None if overrides else _held(source, library, embedding)
        if held is not None and source.parsed is not None:
            held = replace(held, notes=source.parsed.notes)
        return held or _draft(source, library, lexicon, overrides, parse)
    except LibraryError:
        raise
    except ZhengwenError as error:
        return IngestOutcome(path, None, "failed", error)
    except Exception as error:  # one file that our rules stumble over must not stop the others
        logger.exception("reading %s failed", path)
        failure = UnreadableFile(f"读入《{path.name}》时出错。", "请把这个文件交给维护者。")
        failure.__cause__ = error
        return IngestOutcome(path, None, "failed", failure)


def _held(source: Source, library: Library, embedding: str) -> IngestOutcome | None:
    """Recognise a file by its bytes, so that a start with all seeds in place parses nothing."""
    path = source.path
    if source.content is None and (not path.is_file() or path.stat().st_size > LARGEST_FILE):
        return None
    identity = identity_of(path, source.content)
    if not _is_sound(identity, library, embedding) or _tells_more(path, library.unread_pages(identity)):
        return None
    report = library.report(identity)
    review = library.reviews.of(identity)
    shipped = any(entry.get("id") == identity for entry in shipped_catalogue().values())
    if shipped and described(recognise(path, (), content=source.content).report, review.told) != report:
        return None  # a newer package describes its seed in other words
    counts = len(library.passages_of(identity)), len(library.paragraphs(identity))
    doubts = tuple(doubt.sentence for doubt in review.doubts)
    if review.waiting:
        return IngestOutcome(path, report, "waiting", None, *counts, (), doubts or (_WAITS,))
    return IngestOutcome(path, report, "already", None, *counts)


def _draft(
    source: Source,
    library: Library,
    lexicon: Lexicon,
    overrides: dict[str, Any],
    parse: Callable[[Source], Parsed],
) -> _Draft:
    path, parsed = source.path, parse(source)
    lines = clean(without_front_matter(parsed.text), parsed.has_paragraphs)
    found = recognise(path, lines, content=source.content, head=head_of(source, parsed.text), stem=source.stem)
    told = {**library.reviews.of(found.report.id).told, **checked(overrides)}
    report = described(found.report, told)
    paragraphs = placed(annotate(build_paragraphs(lines, report.id), report), parsed)
    passages = build_passages(paragraphs, report)
    if not passages:
        raise NotAReport(f"《{path.name}》里没有报告正文。", "请检查文件内容是否完整。")
    doubts = _still_doubtful(found, told)
    read = None if doubts else read_report(paragraphs, report, lexicon)
    review = Review(bool(doubts), found.claims, doubts, told)
    return _Draft(path, report, paragraphs, passages, read, parsed.notes, review, parsed.unread, source.whole)


def _still_doubtful(found: Recognised, told: Told) -> tuple[Doubt, ...]:
    """Nobody doubts what a person has said."""
    said = {"place": "region" in told, "year": "report_year" in told}
    return tuple(doubt for doubt in found.doubts if not said[doubt.field])


def _shelve(
    drafts: Mapping[int, _Draft],
    library: Library,
    encode: Encode,
    embedding: str,
    settle: Callable[[int, IngestOutcome], None],
    progress: Progress | None,
    replaceable: Callable[[Report], bool],
) -> None:
    """Encode what the library lacks of some drafts in one call, and add each report in a transaction of its own."""
    with alone(library.path.with_suffix(".lock")):
        # Another process may have added them while this one waited; and two files of a batch may be one report.
        missing: dict[str, _Draft] = {}
        for draft in drafts.values():
            if not _is_current(draft, library, embedding):
                missing.setdefault(draft.report.id, draft)
        vectors = encoded([each.indexed for draft in missing.values() for each in draft.passages], encode, progress)
        for place, draft in drafts.items():
            is_new = missing.get(draft.report.id) is draft
            own, vectors = (
                (vectors[: len(draft.passages)], vectors[len(draft.passages) :]) if is_new else (None, vectors)
            )
            if own is None:
                waits = library.reviews.of(draft.report.id).waiting
                settle(
                    place,
                    draft.outcome("waiting", *() if draft.review.doubts else (_WAITS,))
                    if waits
                    else draft.outcome("already"),
                )
                continue
            # Looked for now: one of the same call may have gone in just before.
            others = [] if draft.review.waiting else rivals(draft.report, library.reports())
            left = [other for other in others if not replaceable(other) and other.id != draft.whole]
            chosen = beside(draft.report, draft.paragraphs, left[0], library.paragraphs(left[0].id)) if left else ""
            review = replace(draft.review, waiting=draft.review.waiting or bool(chosen))
            texts = draft.report, draft.paragraphs, draft.passages
            before = [*(other.id for other in others), *([draft.whole] if draft.whole in library else [])]
            gone = [] if review.waiting else list(dict.fromkeys(before))
            read = None if review.waiting else draft.read
            made: dict[str, Any] = {"review": review, "replace": True, "instead_of": gone, "unread": draft.unread}
            library.add(*texts, own, embedding, read=read, **made)
            settle(
                place, draft.outcome("waiting", *filter(None, (chosen,))) if review.waiting else draft.outcome("added")
            )


def _is_sound(identity: str, library: Library, embedding: str) -> bool:
    """Whether a report is held as it would be taken in now, and nobody has changed its text since."""
    return library.made_with(identity) == (RULES_VERSION, embedding) and not library.checksums.altered([identity])


def _tells_more(path: Path, unread: int | None) -> bool:
    """Whether a file of a held report has pages that were not known, or not read, when it was taken in."""
    return is_paged(path) and (unread is None or (unread > 0 and can_recognise()))


def _is_current(draft: _Draft, library: Library, embedding: str) -> bool:
    if not _is_sound(draft.report.id, library, embedding):
        return False
    if is_paged(draft.path) and library.unread_pages(draft.report.id) != draft.unread:
        return False
    held = library.report(draft.report.id)
    return replace(held, source=draft.report.source) == draft.report


def encoded(texts: Sequence[str], encode: Encode, progress: Progress | None) -> np.ndarray:
    """Return a vector for each text; raises `ModelError` where there are fewer or more."""
    import numpy as np

    if not texts:
        return np.empty((0, 0), dtype=np.float32)
    vectors = encode(texts, progress)
    if len(vectors) != len(texts):
        raise ModelError(f"嵌入模型给出 {len(vectors)} 个向量，应为 {len(texts)} 个。", "检查嵌入模型是否完整。")
    return vectors
