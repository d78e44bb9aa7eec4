"""The questions that people ask, with what each asks for: the data that every learned weight is made from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from assistant.language.regions import Gazetteer
from assistant.types import Report


@dataclass(frozen=True)
class AskedQuestion:
    """A question in somebody's own words, with its labels (`seeds/asked/README.md` says what each means)."""

    id: str
    question: str
    history: tuple[str, ...]
    intent: str
    role: str
    measure: str
    wants: str
    refusal: str
    """not_held, not_stated, off_topic or unclear where no report held answers; else empty."""
    district: str | None
    year: int | None
    must_include: tuple[tuple[str, ...], ...]
    must_not_include: tuple[str, ...]
    evidence: tuple[str, ...]

    @property
    def matter(self) -> str:
        """`other` for what no report is about, else `reports`."""
        return "other" if self.refusal == "off_topic" else "reports"

    def label(self, slot: str) -> str:
        """Return the value of `intent`, `role`, `measure`, `wants` or `matter`."""
        return str(getattr(self, slot))


def packaged() -> Path:
    """Return the folder of the questions that come with the project."""
    return Path(str(resources.files("seeds").joinpath("asked")))


def load(folder: Path) -> list[AskedQuestion]:
    """Read the `.jsonl` files of a folder in the order of their names; raises `ValueError` naming a line that is wrong."""
    questions = []
    for file in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
            try:
                questions.append(_question(json.loads(line)))
            except (KeyError, TypeError, json.JSONDecodeError) as error:
                raise ValueError(f"{file.name}:{number}: {error!r}") from error
    return questions


def digest(folder: Path) -> str:
    """Return the SHA-256 over the questions' files: weights made from other files are not these weights."""
    whole = hashlib.sha256()
    for file in sorted(folder.glob("*.jsonl")):
        whole.update(file.name.encode() + b"\0" + file.read_bytes())
    return whole.hexdigest()


def gazetteer_of(questions: Iterable[AskedQuestion]) -> Gazetteer:
    """Return the places of the questions' reports, so that they are masked as they are where the reports are held."""
    held = {(question.district, question.year) for question in questions if question.district and question.year}
    return Gazetteer(Report(f"{place}{year}", "", place, year) for place, year in sorted(held))


def folds(questions: Sequence[AskedQuestion], count: int) -> list[int]:
    """Return for each question the number of its fold, 0 to count - 1: the questions on one place share one."""
    keys = [question.district or question.id for question in questions]
    return [int(hashlib.sha256(key.encode()).hexdigest(), 16) % count for key in keys]


def _question(row: dict[str, Any]) -> AskedQuestion:
    return AskedQuestion(
        id=row["id"],
        question=row["question"],
        history=tuple(row["history"]),
        intent=row["intent"],
        role=row["role"],
        measure=row["measure"],
        wants=row["wants"],
        refusal=row["refusal"],
        district=row["district"],
        year=row["year"],
        must_include=tuple((item,) if isinstance(item, str) else tuple(item) for item in row["must_include"]),
        must_not_include=tuple(row["must_not_include"]),
        evidence=tuple(row["evidence"]),
    )
