"""The books of a played model: rows with the prompts that they reply to, and the answers that come of them.

`python -m tests.answering.writing.books_of FILE` writes the prompts of stale rows, a JSON object a line, for whoever answers them anew.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

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
_TODAY = re.compile(r"今天是\s*\d{4}年\d{1,2}月\d{1,2}日")


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


def key_of(prompt: str) -> str:
    """First 24 hex digits over the messages of a request, as the played model counts them."""
    messages = [["user", _TODAY.sub("DATE", prompt)]]
    return hashlib.sha256(json.dumps(messages, ensure_ascii=False).encode()).hexdigest()[:24]


def played(assistant: Assistant, *books: str) -> dict[str, list[Played]]:
    """Return by book the rows of which a model is still asked, with today's prompts; a question of several books is read once."""
    found: dict[str, list[Played]] = {book: [] for book in books}
    seen: dict[str, _Asked | None] = {}
    for book in books:
        for line in (FOLDER / f"{book}.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            if row["key"] not in seen:
                seen[row["key"]] = _asked(assistant, row["question"], row["history"])
            asked = seen[row["key"]]
            if asked is not None:
                stale = key_of(asked.prompt) != row["key"]
                false = tuple(row.get("false", ()))
                found[book].append(
                    Played(row["question"], asked.prompt, stale, row["reply"], false, asked.checker, asked.shown)
                )
    return found


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
                        row = {"book": book, "question": one.question, "key": key_of(one.prompt), "prompt": one.prompt}
                        out.write(json.dumps(row, ensure_ascii=False) + "\n")
        assistant.close()


if __name__ == "__main__":
    _write_stale(Path(sys.argv[1]))
