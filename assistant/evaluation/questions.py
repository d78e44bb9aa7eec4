"""Gold questions as frozen values: what is asked, what a right answer says, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.errors import ZhengwenError

KINDS = ("target", "actual", "fact", "list", "explain", "compare", "unanswerable")
"""What a question can ask for; `seeds/questions.md` says what each means."""


class NotAGoldFile(ZhengwenError):
    """A file holds no gold question that can be read."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a report that a right answer stands on."""

    quote: str
    """Verbatim; white space and the width of characters do not matter."""
    file: str | None = None
    """Where it stands: the start of a seed's file name, or a document id of a BEIR corpus."""


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question with what a right answer must say."""

    id: str
    question: str
    history: tuple[str, ...] = ()
    """Earlier questions of the conversation, oldest first."""
    kind: str = "fact"
    """One of `KINDS`."""
    district: str | None = None
    year: int | None = None
    answer: str = ""
    """A good answer: people read it, and the figures of it are looked for."""
    must_include: tuple[tuple[str, ...], ...] = ()
    """What has to be said; each a choice of variants of which one is enough."""
    must_not_include: tuple[str, ...] = ()
    """Tempting wrong strings: the figure of another year, place or horizon."""
    evidence: tuple[Quote, ...] = ()
    tags: tuple[str, ...] = ()
    relevant: Mapping[str, int] | None = None
    """BEIR's qrels, document id to grade; such a question is for retrieval alone."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one line of a gold file."""

    path: str
    line: int
    """From 1; of a sheet its row, of a whole file 0."""
    message: str

    def __str__(self) -> str:
        place = f"第 {self.line} 行：" if self.line else ""
        return f"{self.path} {place}{self.message}"


@dataclass(frozen=True, slots=True)
class GoldSet:
    """The gold questions of one or more files, and the lines that could not be read."""

    questions: tuple[GoldQuestion, ...]
    problems: tuple[Problem, ...] = ()
