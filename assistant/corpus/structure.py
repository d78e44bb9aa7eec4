"""Turn the clean lines of a report into paragraphs that know the headings above them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.corpus.headings import (
    LASTING,
    Heading,
    entry_number,
    explains,
    find_heading,
    glossary_term,
    holds_figure,
    is_bare,
    is_caption,
    is_glossary_title,
    is_salutation,
    is_title,
    leaves_section,
    marked,
)
from assistant.corpus.lists import LONG, split_list
from assistant.corpus.passages import build_passages
from assistant.facts.items import GLOSSARY
from assistant.types import Paragraph

__all__ = ["RULES_VERSION", "build_paragraphs", "build_passages"]

RULES_VERSION = "2"
"""Part of every id: raised whenever the rules cut a report differently."""

_FEWEST_ENTRIES = 5
"""Entries in a row at a report's end that are a glossary even where no title stands over them."""


@dataclass(slots=True)
class _Draft:
    """The paragraphs found so far and the headings in force."""

    report_id: str
    title: str = ""
    stack: list[tuple[str, str]] = field(default_factory=list)
    """Style and text of each heading in force, outermost first."""
    waiting: list[str] = field(default_factory=list)
    """Heading lines worth citing that stand in front of the next paragraph."""
    found: list[Paragraph] = field(default_factory=list)
    bare_of: str = ""
    """The heading line entered last, as long as no paragraph stands under it."""

    def add(self, text: str, *own: str) -> None:
        """Add a paragraph under the headings in force and its own."""
        text = "\n".join((*self.waiting, text))
        self.waiting.clear()
        self.bare_of = ""
        path = [heading for _, heading in self.stack] or [self.title] * bool(self.title)
        path += [heading for heading in own if heading not in path]
        ordinal = len(self.found)
        identity = f"{self.report_id}-{RULES_VERSION}-{ordinal}"
        self.found.append(Paragraph(identity, self.report_id, ordinal, tuple(path), text))

    def enter(self, heading: Heading, line: str = "") -> None:
        """Put a heading in force: beside the last one of its style, or below all that are."""
        self.flush()
        styles = [style for style, _ in self.stack]
        if heading.style in styles:
            if self.bare_of:
                self.add(self.bare_of)
            del self.stack[styles.index(heading.style) :]
        elif heading.style in {"part", "chapter"}:
            self.stack = [entry for entry in self.stack if entry[0] in {"part", "bare"}][:1]
        self.stack.append((heading.style, heading.text))
        self.bare_of = line

    def flush(self) -> None:
        """Keep heading lines that no paragraph followed."""
        if self.waiting:
            *before, last = self.waiting
            self.waiting = before
            self.add(last)


def build_paragraphs(lines: Sequence[str], report_id: str) -> tuple[Paragraph, ...]:
    """Group clean lines into paragraphs with their heading path, in reading order; no sentence is dropped."""
    draft = _Draft(report_id)
    at = _read_caption(lines, draft)
    untitled = _untitled_glossary(lines)
    while at < len(lines):
        if at == untitled or is_glossary_title(lines[at]):
            _read_glossary(lines[at + (at != untitled) :], draft)
            break
        at = _read_block(lines, at, draft)
    draft.flush()
    return tuple(draft.found)


def _untitled_glossary(lines: Sequence[str]) -> int:
    """Where the entries begin that end a report without a title over them, counted from 1; else the number of lines."""
    number, start = 0, len(lines)
    for at in range(len(lines) - 1, -1, -1):
        found = entry_number(lines[at])
        if found is None or (number and found != number - 1):
            return len(lines)
        number, start = found, at
        if number == 1:
            break
    entries = lines[start:]
    explain = sum(map(explains, entries)) * 2 >= len(entries)  # a list of projects may end a report too
    return start if number == 1 and len(entries) >= _FEWEST_ENTRIES and explain else len(lines)


def _read_caption(lines: Sequence[str], draft: _Draft) -> int:
    """Gather title, occasion and speaker in front of the report into one paragraph; return where the text begins."""
    end = 0
    while end < min(len(lines), 12) and _is_caption(lines, end):
        end += 1
    if end == 0:
        return 0
    plain = [line for line in lines[:end] if is_title(line) and "代表大会" not in line]
    draft.title = max(plain, key=len) if plain else ""
    if len(plain) < end:
        draft.add("\n".join(dict.fromkeys(lines[:end])))
    return end


def _is_caption(lines: Sequence[str], at: int) -> bool:
    line = lines[at]
    if (marked(line) or ("dash",))[0] != "dash" or (at and _reads_as_chapter(line)):
        return False
    return is_title(line) or is_caption(line, lines[at - 1] if at else "")


def _reads_as_chapter(line: str) -> bool:
    return bool(re.search(r"回顾|总结|目标|思路|部署|安排|任务|重点", line)) and not re.search(
        r"代表大会|政府工作报告", line
    )


def _read_block(lines: Sequence[str], at: int, draft: _Draft) -> int:
    """Read one paragraph, heading, list of bare lines or table; return where the next one begins."""
    line = lines[at]
    if is_salutation(line):
        draft.flush()
        _leave_section(draft)
        draft.waiting.append(line)
        return at + 1
    if " | " in line:
        return _read_rows(lines, at, draft)
    bare = _bare_run(lines, at)
    if bare - at >= 2 and sum(map(holds_figure, lines[at:bare])) * 2 > bare - at:
        heads = draft.stack and at and draft.stack[-1] == ("bare", lines[at - 1])
        draft.add("\n".join(lines[at - 1 if heads else at : bare]))
        if heads:
            draft.stack.pop()
        return bare
    heading = find_heading(line)
    if (
        heading is None
        or (heading.style == "lead" and at and is_salutation(lines[at - 1]))
        or (heading.style == "bare" and holds_figure(line) and not _reads_as_chapter(line))
    ):
        _add_text(line, draft, None)
    elif heading.whole and _heads_something(lines, at, heading):
        draft.enter(heading, line)
        if heading.sentence or (heading.style in {"section", "number"} and re.search(r"[，,]", line)):
            draft.waiting.append(line)
    else:
        _add_text(line, draft, heading)
    return at + 1


def _heads_something(lines: Sequence[str], at: int, heading: Heading) -> bool:
    """A whole-line heading must have something below it; an ordinal or dash that ends as a sentence is a statement."""
    if at + 1 >= len(lines):
        return False
    if heading.sentence and heading.style in {"ordinal", "dash", "item"}:
        return False
    following = marked(lines[at + 1])
    return following is None or following[0] != heading.style or heading.style in {"chapter", "part"}


def _bare_run(lines: Sequence[str], at: int) -> int:
    """Return the end of the run of bare lines that are no headings; a heading line in front of it holds no figure."""
    if not (is_bare(lines[at]) and holds_figure(lines[at]) and marked(lines[at]) is None):
        return at
    end = at
    while end < len(lines) and is_bare(lines[end]) and marked(lines[end]) is None:
        end += 1
    return end


def _read_rows(lines: Sequence[str], at: int, draft: _Draft) -> int:
    """Keep the rows of a table together, as many as a reader takes in at a glance, each part under the table's header."""
    first = at
    while first and " | " in lines[first - 1]:
        first -= 1
    header = [lines[first]] * (first < at and not holds_figure(lines[first]))
    end, length = at, 0
    while end < len(lines) and " | " in lines[end] and length < 2 * LONG:
        length += len(lines[end])
        end += 1
    draft.add("\n".join((*header, *lines[at:end])))
    return end


def _leave_section(draft: _Draft) -> None:
    if draft.bare_of:
        return
    while len(draft.stack) > 1 and draft.stack[-1][0] not in {"part", "chapter", "bare"}:
        draft.stack.pop()
    if draft.stack and draft.stack[-1][0] in {"section", "number", "dash", "ordinal"}:
        draft.stack.pop()


def _add_text(line: str, draft: _Draft, heading: Heading | None) -> None:
    if leaves_section(line):
        draft.flush() if not all(map(is_salutation, draft.waiting)) else None
        _leave_section(draft)
    own: list[str] = []
    if heading is not None and heading.style in LASTING:
        draft.enter(heading)
    elif heading is not None:
        _close_shorter(draft, heading)
        own = [heading.text]
    for text, more in split_list(line, own):
        draft.add(text, *more)


def _close_shorter(draft: _Draft, heading: Heading) -> None:
    """A marked paragraph ends a whole-line heading of its own style (—— after ——)."""
    styles = [style for style, _ in draft.stack]
    if heading.style in styles:
        draft.flush()
        del draft.stack[styles.index(heading.style) :]


def _read_glossary(lines: Sequence[str], draft: _Draft) -> None:
    """Make a paragraph of each entry under the heading 名词解释; a line without a number goes on with the entry."""
    draft.flush()
    draft.stack = [("bare", GLOSSARY)]
    term = ""
    for line in lines:
        term = glossary_term(line) or term
        draft.add(line, *([term] if term else []))
