"""The books of a played model: rows with the passages that their replies cite, and the answers that come of them.

A reply stands as long as a model is still shown what it cites, wherever that stands in the prompt: which passages are near is not the
same to the last digit on every machine. `python -m tests.answering.writing.books_of FILE` writes the prompts of stale rows, a JSON object
a line with the paragraph behind each number, for whoever answers them anew.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant import Assistant, open_assistant
from assistant.answering.routing import read
from assistant.answering.writing.drafting import Sentence, sentences_of
from assistant.answering.writing.free_checking import FreeChecker
from assistant.answering.writing.passages import Shown, shown
from assistant.answering.writing.prompting import load_prompts
from assistant.answering.writing.proven import Proven
from assistant.answering.writing.reading_passages import PassageWriter
from assistant.types import Answer

EMPTY = Answer("", "answered", "")
FOLDER = Path(__file__).resolve().parent / "books"
_MARK = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True)
class Played:
    """A reply with what it is held against."""

    question: str
    prompt: str
    is_stale: bool
    reply: str
    false: tuple[str, ...]
    checker: FreeChecker
    shown: Shown

    def proven(self) -> tuple[Proven, list[tuple[Sentence, bool]]]:
        """Put the reply through the proof, without correction; each sentence with whether it was shown as written."""
        proven = Proven(self.checker, self.shown, EMPTY)
        told = []
        for sentence in sentences_of([self.reply]):
            part = proven.add(sentence)
            if part is None:
                proven.in_its_place(sentence)
            if part != "":
                told.append((sentence, part is not None))
        return proven, told


def paragraphs_of(read: Shown) -> dict[str, str]:
    """The id of the paragraph behind each number of a prompt."""
    return {str(source.number): source.paragraph.id for source in read.material.sources}


def played(assistant: Assistant, *books: str) -> dict[str, list[Played]]:
    """Return by book the rows of which a model is still asked, with today's prompts; a question of several books is read once."""
    found: dict[str, list[Played]] = {book: [] for book in books}
    seen: dict[tuple[str, ...], _Asked | None] = {}
    for book in books:
        for line in (FOLDER / f"{book}.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            turns = (*row["history"], row["question"])
            if turns not in seen:
                seen[turns] = _asked(assistant, row["question"], row["history"])
            asked = seen[turns]
            if asked is not None:
                reply = _renumbered(row["reply"], row["cites"], paragraphs_of(asked.shown))
                false = tuple(row.get("false", ()))
                found[book].append(
                    Played(row["question"], asked.prompt, reply is None, reply or "", false, asked.checker, asked.shown)
                )
    return found


def _renumbered(reply: str, cites: dict[str, str], shown_now: dict[str, str]) -> str | None:
    """A reply with today's number for each paragraph that it cites; None where one of them is no longer shown."""
    now = {paragraph: number for number, paragraph in shown_now.items()}
    if not set(cites.values()) <= now.keys():
        return None
    # A mark that pointed to nothing shall not point to something now.
    return _MARK.sub(lambda mark: f"[{now.get(cites.get(mark[1], ''), 99)}]", reply)


@dataclass(frozen=True)
class _Asked:
    """What a model is asked, and what its reply is held against."""

    prompt: str
    checker: FreeChecker
    shown: Shown


def _asked(assistant: Assistant, text: str, history: list[str]) -> _Asked | None:
    """What a model is asked for a question; None where none is."""
    reader = assistant.reader()
    understanding = reader.understanding
    writer = PassageWriter(None, load_prompts())  # type: ignore[arg-type]  # nothing is asked of a model
    _, question = assistant._taken(text, history, reader, threading.Event())
    reading = read(reader, question)
    extract = assistant._answer(text, question, reading, reader, 0.0)
    if not writer.takes(reading, extract):
        return None
    passages = shown(reading, question, reader)
    checker = FreeChecker(passages.material, question, reader.lexicon, understanding.gazetteer, understanding.segmenter)
    return _Asked(writer._prompt(passages, question, history), checker, passages)


def _write_stale(file: Path) -> None:
    with tempfile.TemporaryDirectory() as home:
        assistant = open_assistant(home=Path(home))
        with file.open("w", encoding="utf-8") as out:
            for book, rows in played(assistant, "honest", "wicked").items():
                for one in rows:
                    if one.is_stale:
                        row: dict[str, Any] = {"book": book, "question": one.question, "prompt": one.prompt}
                        row["paragraphs"] = paragraphs_of(one.shown)
                        out.write(json.dumps(row, ensure_ascii=False) + "\n")
        assistant.close()


if __name__ == "__main__":
    _write_stale(Path(sys.argv[1]))
