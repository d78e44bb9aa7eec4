"""Builds the assistant from settings: the only place where backends are chosen."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.answering.assistant import Assistant
from assistant.answering.reader import Reader
from assistant.answering.writing.writer import Writer
from assistant.corpus.corrections import CorrectionBook
from assistant.corpus.describing import describe
from assistant.corpus.feedback import FeedbackBook
from assistant.corpus.ingest import IngestOutcome, ingest, ingest_seeds
from assistant.corpus.library import Library
from assistant.corpus.originals import Originals
from assistant.corpus.refreshing import encode_again, read_again
from assistant.corpus.review import Waiting
from assistant.corpus.sources import Upload
from assistant.corpus.structure import RULES_VERSION
from assistant.errors import LibraryError, ModelError
from assistant.keeping.home import LIBRARY, make_private
from assistant.keeping.restore import finish_restore
from assistant.keeping.traces import refuse_loss
from assistant.language.lexicon import Lexicon, load_lexicon
from assistant.llm.opening import open_language_model
from assistant.query.heads import Wording
from assistant.query.vectors import Vectors
from assistant.retrieval.question import Understanding
from assistant.retrieval.retriever import DenseIndex, QueryEncoder, Retriever
from assistant.retrieval.shelf import Shelf
from assistant.settings import Settings
from assistant.types import Report
from embeddings import (
    EmbeddingError,
    Encoder,
    ExactIndex,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    ServerIndex,
    build_generation,
    discard_generations,
    leftovers,
    open_encoder,
    open_generation,
)

if TYPE_CHECKING:
    import numpy as np

logger = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]
"""Called with a stage (in words for the user), how much is done and how much there is."""


def build(settings: Settings, progress: Progress | None = None) -> Assistant:
    """Open the library in `settings.home` (the seeds go in first where it is new) and return the assistant.

    Raises `ModelError` where the embedding model cannot be had, `LanguageModelError` where the language model that is set
    cannot be opened, and `LibraryError` where the library cannot.
    """
    home = settings.home.expanduser()
    library = open_library(settings)
    lexicon = load_lexicon(home / "aliases.toml")
    backends = _Backends(settings, home, library, lexicon)
    backends.prepare(progress)
    writer = Writer(backends.model, settings.reads, settings.llm_price) if backends.model else None
    return Assistant(backends.open_reader, lexicon, settings.fingerprint, backends, writer)


def open_library(settings: Settings) -> Library:
    """Open the library alone, without models and index.

    Raises `LibraryError`, also where the library is empty though index or audit log know that it held reports.
    """
    home = settings.home.expanduser()
    if finish_restore(home):
        logger.warning("上次恢复备份没有做完，现在已经做完。")
    make_private(home)
    library = Library.open(home / LIBRARY)
    try:
        refuse_loss(home, library)
    except LibraryError:
        library.close()
        raise
    return library


def open_feedback(settings: Settings) -> FeedbackBook:
    """Open the book in which the page keeps what readers say of answers; raises `LibraryError` as `open_library` does."""
    with open_library(settings) as library:
        return FeedbackBook.open(library.path)


def open_corrections(settings: Settings) -> CorrectionBook:
    """Open the book of figures that readers have called wrong; raises `LibraryError` as `open_library` does."""
    with open_library(settings) as library:
        return CorrectionBook.open(library.path)


def open_embeddings(settings: Settings) -> Encoder:
    """The embedding model by itself, as LangChain's `Embeddings`. Raises `ModelError` where it cannot be had."""
    with _model_errors():
        return open_encoder(settings.embedding_model, settings.home.expanduser() / "models")


class _Backends:
    """What the assistant runs on: encoder, library, and the index made from it."""

    def __init__(self, settings: Settings, home: Path, library: Library, lexicon: Lexicon) -> None:
        self._settings = settings
        self._home = home
        self._library = library
        self._originals = Originals(home)
        self._lexicon = lexicon
        self._encoder = open_embeddings(settings)
        # Heads and judge know the vectors of the bundled model only, whichever one searches.
        is_bundled = settings.embedding_model == "bundled"
        reading = self._encoder if is_bundled else open_encoder("bundled", home / "models")
        self._vectors = Vectors(reading.encode_query)
        self._searching: QueryEncoder = self._vectors if is_bundled else self._encoder
        self._wording = Wording(self._vectors.encode_query, lexicon)
        self.model = open_language_model(settings)
        self._rebuild: threading.Thread | None = None

    def prepare(self, progress: Progress | None) -> None:
        """Bring library and index up to date: seeds, vectors of this model, a generation of this state."""
        if self._library.read_only:
            self._refuse_other_vectors()
            return
        self._sweep()
        self._library.checksums.fill()
        done = _staged(progress, "收录自带的报告")
        added = [
            o
            for o in ingest_seeds(self._library, self._encode, self._encoder.identity, done, self._lexicon)
            if o.status == "added"
        ]
        again = encode_again(self._library, self._encode, self._encoder.identity, _staged(progress, "重新计算向量"))
        read_again(self._library, self._lexicon, _staged(progress, "重新读取报告中的数据"))
        if (added or again) and self._settings.chroma_url is None:
            self._build_index()

    def ingest(
        self, paths: Sequence[Path | Upload], progress: Progress | None, *, index: bool = True, **overrides: Any
    ) -> list[IngestOutcome]:
        done = _staged(progress, "计算向量")
        if progress is not None:
            overrides["recognising"] = lambda path, at, of: progress(f"识别 {path.name}", at, of)
        with self._originals.agreeing(self._library) as keep:
            overrides["keep"] = keep if self._settings.keep_originals else None
            outcomes = ingest(
                paths, self._library, self._encode, self._encoder.identity, done, lexicon=self._lexicon, **overrides
            )
        if index and any(outcome.status == "added" for outcome in outcomes):
            self.index_anew()
        return outcomes

    def describe(self, report_id: str, said: Mapping[str, Any], *, index: bool = True, **how: bool) -> Report:
        """Take over what a person says of a report; the index is made anew where another report answers now."""
        before = self._library.state()
        with self._originals.agreeing(self._library):  # one whose place it takes goes with its file
            report = describe(self._library, report_id, said, self._lexicon, **how)
        if index and self._library.state() != before:
            self.index_anew()
        return report

    def waiting(self) -> tuple[Waiting, ...]:
        return self._library.reviews.waiting()

    def index_anew(self) -> None:
        """Make the index of what the library now holds; a server's is brought up to date when it is opened."""
        if self._settings.chroma_url is None:
            self._build_index()

    def remove(self, report_id: str) -> bool:
        """Take a report out of the library and out of the index; False where it is not held."""
        removed = self._library.remove(report_id)
        self._originals.remove(report_id)
        if removed and self._settings.chroma_url is None:
            if not self._build_index():
                discard_generations(self._home / "index")  # the one before still holds what was removed
        elif removed:
            self._index()  # what the server holds is made to agree with the library
        return removed

    def _refuse_other_vectors(self) -> None:
        if self._library.embedding_identities() - {self._encoder.identity}:
            raise LibraryError("资料库的向量是另一个模型的，这里又不能写入。", "把 embedding_model 设成原来的模型。")

    def _sweep(self) -> None:
        """Remove what commands left behind that were killed."""
        try:
            for rubbish in leftovers(self._home / "index"):
                shutil.rmtree(rubbish, ignore_errors=True)
        except OSError as error:
            logger.warning("残留的文件没有清掉：%s", error)

    def open_reader(self) -> Reader:
        """A reader of the library as it now is; all that it answers comes from this one state."""
        shelf = Shelf.of(self._library)
        index = self._index() if self._settings.chroma_url else _Late(self._index)
        retriever = Retriever(shelf, self._searching, index, self._lexicon)
        understanding = Understanding(
            shelf.gazetteer,
            self._lexicon,
            self._wording,
            occurs=shelf.occurs,
            newest=shelf.newest_year,
            names=shelf.names_in_quotes,
        )
        return Reader(shelf, retriever, understanding, self._lexicon, self._vectors.encode_query, self._settings.top_k)

    def close(self) -> None:
        if self._rebuild is not None:
            self._rebuild.join()
        if self.model is not None:
            self.model.close()
        self._library.close()

    def _index(self) -> DenseIndex:
        if self._settings.chroma_url is not None:
            with _model_errors():
                server = ServerIndex(self._settings.chroma_url, self._manifest())
                server.sync(*self._library.vectors())
                return server
        if self._library.read_only:
            return ExactIndex(*self._library.vectors())  # merely opening Chroma's files writes to them
        try:
            return open_generation(self._home / "index", self._manifest())
        except (IndexMissing, IndexMismatch, IndexDamaged) as error:
            # Exact search answers meanwhile; nobody waits for the index to be made anew.
            logger.warning("向量索引不可用，正在后台重建：%s", error)
            index = _Replaceable(ExactIndex(*self._library.vectors()))
            self._rebuild = threading.Thread(target=self._rebuild_into, args=(index,), name="rebuild-index")
            self._rebuild.start()
            return index

    def _rebuild_into(self, index: _Replaceable) -> None:
        if not self._build_index():
            return
        try:
            index.current = open_generation(self._home / "index", self._manifest())
        except EmbeddingError as error:
            logger.warning("%s", error)

    def _build_index(self) -> bool:
        """Make the index of what the library now holds; where that fails, exact search goes on, and the library is as it was."""
        try:
            build_generation(self._home / "index", self._manifest(), *self._library.vectors())
        except EmbeddingError as error:
            logger.warning("%s资料库没有受影响，回答改用逐条比较。%s", error, error.hint)
            return False
        return True

    def _manifest(self) -> dict[str, str]:
        return {
            "embedding": self._encoder.identity,
            "dimension": str(self._encoder.dimension),
            "passage rules": RULES_VERSION,
            "catalogue": self._library.state(),
        }

    def _encode(self, texts: Sequence[str], progress: Callable[[int, int], None] | None) -> np.ndarray:
        with _model_errors():
            return self._encoder.encode_passages(texts, progress)


class _Late:
    """An index that is opened by the first search: whoever only lists reports waits for none."""

    def __init__(self, open_index: Callable[[], DenseIndex]) -> None:
        self._open = open_index
        self._lock = threading.Lock()
        self._index: DenseIndex | None = None

    def search(self, query: np.ndarray, k: int, groups: Any = None) -> Any:
        with self._lock:
            if self._index is None:
                self._index = self._open()
        return self._index.search(query, k, groups)


class _Replaceable:
    """An index that is exact until the built one takes its place."""

    def __init__(self, current: DenseIndex) -> None:
        self.current = current

    def search(self, query: np.ndarray, k: int, groups: Any = None) -> Any:
        return self.current.search(query, k, groups)


def _staged(progress: Progress | None, stage: str) -> Callable[[int, int], None] | None:
    if progress is None:
        return None
    return lambda done, total: progress(stage, done, total)


@contextmanager
def _model_errors() -> Iterator[None]:
    """Errors of the embeddings package in the words of this one."""
    try:
        yield
    except EmbeddingError as error:
        raise ModelError(str(error), getattr(error, "hint", None)) from error
