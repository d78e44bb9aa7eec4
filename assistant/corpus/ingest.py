"""From files to the shelf: each file is read, cleaned, cut, dated and encoded, and added in one transaction."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from assistant.corpus.catalogue import make_report, shipped_catalogue
from assistant.corpus.cleaning import clean
from assistant.corpus.horizon import annotate
from assistant.corpus.library import Library
from assistant.corpus.readers import LARGEST_FILE, READABLE, read_text
from assistant.corpus.structure import RULES_VERSION, build_paragraphs, build_passages
from assistant.corpus.turns import alone
from assistant.errors import LibraryError, ModelError, NotAReport, UnreadableFile, ZhengwenError
from assistant.facts.report import ReadReport, read_report, reading_rules
from assistant.language.lexicon import Lexicon, load_lexicon
from assistant.types import Paragraph, Passage, Report

if TYPE_CHECKING:
    import numpy as np

Progress = Callable[[int, int], None]
"""Called with how many passages of how many are done."""
Encode = Callable[[Sequence[str], Progress | None], "np.ndarray"]
"""Turns texts into an (n, d) array, row for row; raises `ModelError` when it cannot."""

BATCH = 1024
"""Passages that are encoded together at least: enough to sort by length, and little enough to lose when killed."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class IngestOutcome:
    """What became of one file."""

    path: Path
    report: Report | None
    status: Literal["added", "already", "failed"]
    error: ZhengwenError | None = None
    passages: int = 0
    paragraphs: int = 0


@dataclass(frozen=True, slots=True)
class _Draft:
    """A report that has been read and cut and waits for its vectors."""

    path: Path
    report: Report
    paragraphs: tuple[Paragraph, ...]
    passages: tuple[Passage, ...]
    read: ReadReport

    def outcome(self, status: Literal["added", "already"]) -> IngestOutcome:
        return IngestOutcome(self.path, self.report, status, None, len(self.passages), len(self.paragraphs))


def ingest(
    paths: Iterable[Path],
    library: Library,
    encode: Encode,
    embedding: str,
    progress: Progress | None = None,
    *,
    lexicon: Lexicon | None = None,
    **overrides: Any,
) -> list[IngestOutcome]:
    """Add files and all report files of folders to the library; return what became of each, in order.

    A file that cannot be read or is no report ends as `failed` and stops no other. `overrides` (region=…,
    report_year=…, title=…) go before what the text says. A report that is held is added anew only when the passage
    rules, the embedding model or an override has changed. Raises `ModelError` when the model fails and `LibraryError`
    when the library cannot be written; what was added before stays. `lexicon` has the words for indicators, the packaged ones
    where none is given.
    """
    lexicon = lexicon or load_lexicon()
    read = [_read(path, library, embedding, lexicon, overrides) for path in _files(paths)]
    drafts = [each for each in read if isinstance(each, _Draft)]
    total, done = sum(len(draft.passages) for draft in drafts), 0
    shelved: list[IngestOutcome] = []
    for batch in _batches(drafts):
        shelved += _shelve(batch, library, encode, embedding, _from(done, total, progress))
        done += sum(len(draft.passages) for draft in batch)
    outcomes = iter(shelved)
    return [next(outcomes) if isinstance(each, _Draft) else each for each in read]


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
        wanted = [path for path in seeds if not library.was_removed(_identity(path))]
        return ingest(wanted, library, encode, embedding, progress, lexicon=lexicon)


def encode_again(library: Library, encode: Encode, embedding: str, progress: Progress | None = None) -> int:
    """Give each report that another model encoded vectors of this one; return how many there were.

    Needs no source file. Raises as `ingest` does; a report is changed whole or not at all.
    """
    with alone(library.path.with_suffix(".lock")):
        made_with = {report.id: library.made_with(report.id) for report in library.reports()}
        stale = [identity for identity, made in made_with.items() if made is not None and made[1] != embedding]
        texts = {identity: [passage.indexed for passage in library.passages_of(identity)] for identity in stale}
        total, done = sum(map(len, texts.values())), 0
        for identity, indexed in texts.items():
            vectors = _encoded(indexed, encode, _from(done, total, progress))
            library.replace_vectors(identity, vectors, embedding)
            done += len(indexed)
    return len(stale)


def read_again(library: Library, lexicon: Lexicon, progress: Progress | None = None) -> int:
    """Read the facts of each report anew whose rules have changed, from its own paragraphs; return how many there were.

    Needs neither source file nor embedding model. A report is changed whole or not at all.
    """
    rules = reading_rules(lexicon)
    if not library.unread(rules):
        return 0
    with alone(library.path.with_suffix(".lock")):
        stale = library.unread(rules)  # another process may have read them while this one waited
        for done, identity in enumerate(stale, start=1):
            report = library.report(identity)
            library.read_anew(identity, read_report(library.paragraphs(identity), report, lexicon))
            if progress is not None:
                progress(done, len(stale))
    return len(stale)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    """Walk folders in a fixed order; what stands in one and is of no kind that is read is passed over."""
    for path in paths:
        if not path.is_dir():
            yield path
        for folder, inner, names in os.walk(path):
            inner[:] = sorted(name for name in inner if not name.startswith("."))
            for name in sorted(names):
                if name.lower().endswith(READABLE) and not name.startswith((".", "~$")):
                    yield Path(folder, name)


def _read(
    path: Path, library: Library, embedding: str, lexicon: Lexicon, overrides: dict[str, Any]
) -> _Draft | IngestOutcome:
    try:
        held = None if overrides else _held(path, library, embedding)
        return held or _draft(path, lexicon, overrides)
    except LibraryError:
        raise
    except ZhengwenError as error:
        return IngestOutcome(path, None, "failed", error)
    except Exception as error:  # one file that our rules stumble over must not stop the others
        logger.exception("reading %s failed", path)
        failure = UnreadableFile(f"读入《{path.name}》时出错。", "请把这个文件交给维护者。")
        failure.__cause__ = error
        return IngestOutcome(path, None, "failed", failure)


def _held(path: Path, library: Library, embedding: str) -> IngestOutcome | None:
    """Recognise a file by its bytes, so that a start with all seeds in place parses nothing."""
    if not path.is_file() or path.stat().st_size > LARGEST_FILE:
        return None
    identity = _identity(path)
    if library.made_with(identity) != (RULES_VERSION, embedding):
        return None
    report = library.report(identity)
    shipped = any(entry.get("id") == identity for entry in shipped_catalogue().values())
    if shipped and make_report(path, ()) != report:
        return None  # a newer package describes its seed in other words
    counts = len(library.passages_of(identity)), len(library.paragraphs(identity))
    return IngestOutcome(path, report, "already", None, *counts)


def _draft(path: Path, lexicon: Lexicon, overrides: dict[str, Any]) -> _Draft:
    lines = clean(read_text(path))
    told = dict(overrides)
    title = told.pop("title", None)
    report = make_report(path, lines, **told)
    if title:
        report = replace(report, title=title)
    paragraphs = annotate(build_paragraphs(lines, report.id), report)
    passages = build_passages(paragraphs, report)
    if not passages:
        raise NotAReport(f"《{path.name}》里没有报告正文。", "请检查文件内容是否完整。")
    return _Draft(path, report, paragraphs, passages, read_report(paragraphs, report, lexicon))


def _identity(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def _batches(drafts: Iterable[_Draft]) -> Iterator[list[_Draft]]:
    batch: list[_Draft] = []
    for draft in drafts:
        batch.append(draft)
        if sum(len(each.passages) for each in batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _shelve(
    batch: Sequence[_Draft], library: Library, encode: Encode, embedding: str, progress: Progress | None
) -> list[IngestOutcome]:
    """Encode what the library lacks of a batch in one call, and add each report in a transaction of its own."""
    with alone(library.path.with_suffix(".lock")):
        # Another process may have added them while this one waited; and two files of a batch may be one report.
        missing: dict[str, _Draft] = {}
        for draft in batch:
            if not _is_current(draft, library, embedding):
                missing.setdefault(draft.report.id, draft)
        vectors = _encoded([each.indexed for draft in missing.values() for each in draft.passages], encode, progress)
        outcomes = []
        for draft in batch:
            if missing.get(draft.report.id) is draft:
                own, vectors = vectors[: len(draft.passages)], vectors[len(draft.passages) :]
                library.add(
                    draft.report, draft.paragraphs, draft.passages, own, embedding, read=draft.read, replace=True
                )
                outcomes.append(draft.outcome("added"))
            else:
                outcomes.append(draft.outcome("already"))
        return outcomes


def _is_current(draft: _Draft, library: Library, embedding: str) -> bool:
    if library.made_with(draft.report.id) != (RULES_VERSION, embedding):
        return False
    held = library.report(draft.report.id)
    return replace(held, source=draft.report.source) == draft.report


def _encoded(texts: Sequence[str], encode: Encode, progress: Progress | None) -> np.ndarray:
    import numpy as np

    if not texts:
        return np.empty((0, 0), dtype=np.float32)
    vectors = encode(texts, progress)
    if len(vectors) != len(texts):
        raise ModelError(f"嵌入模型给出 {len(vectors)} 个向量，应为 {len(texts)} 个。", "检查嵌入模型是否完整。")
    return vectors


def _from(done: int, total: int, progress: Progress | None) -> Progress | None:
    """Count on from what earlier batches have done."""
    return None if progress is None else lambda now, _: progress(done + now, total)
