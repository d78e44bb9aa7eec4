"""Take the page off a report: what stays are its own lines, in its own characters."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from assistant.corpus.furniture import is_furniture, is_notice, opens_tail, strip_glued
from assistant.corpus.headings import (
    glossary_term,
    holds_figure,
    is_bare,
    is_caption,
    is_glossary_title,
    is_salutation,
    is_title,
    marked,
)

_SENTENCE_END = "。！？!?；;：:"
_OPENERS = {"“": "”", "《": "》", "「": "」", "『": "』"}
_CONTINUES = re.compile(r"[，、。；：》」』”’）)！？,;]")
_BREAKS_OFF = re.compile(r"[，、（(“《「『,]$|.{12}[—和与及的]$")
_CHAPTER = re.compile(r"回顾|总结|目标|思路|部署|安排|任务|重点")
_ABSTRACT = re.compile(r"(?:内容)?(?:摘要|提要|导读)[:：]?")
_HEAD_LINES = 60
_LONG = 80
"""Characters from which a line is text for certain."""


def clean(text: str, has_paragraphs: bool = False) -> list[str]:
    """Return the lines of the report, without page furniture and layout white space; no sentence of it is reworded.

    A line of a text that has its paragraphs is never joined with the next for its width. What is taken away goes by what a line is and whether it stands before, in or after the report, never by its number.
    """
    lines = _physical_lines(text)
    blocks = _joined(lines if has_paragraphs else _unwrapped(lines))
    return _without_tail(_without_head(_without_abstract(blocks)))


def _physical_lines(text: str) -> list[str]:
    """Split at real and written-out line breaks and tidy white space; an empty string stands for a blank line."""
    text = re.sub(r"\\r\\n|\\n|\\r|\r\n?|[\u2028\u2029\x0b\x0c\x85]", "\n", text)
    text = html.unescape(re.sub(r"&(?:nbsp|ensp|emsp|#160|#12288);", " ", text)) if "&" in text else text
    text = re.sub(r"[\u200b-\u200f\u2060\ufeff\u00ad]|[\x00-\x08\x0e-\x1f\x7f]", "", text)
    text = re.sub(r"\?{2,}", " ", text)
    lines = [line for raw in text.split("\n") for line in _spaced_breaks(raw)]
    return [re.sub(r"\s+", " ", strip_glued(line.strip())).strip() for line in lines]


def _spaced_breaks(line: str) -> list[str]:
    """Give back the line breaks of a text that came on one line: there, spaces between Chinese were breaks."""
    line = re.sub(r"\s{3,}", "  ", line)  # the pattern below would try each length of a long run at each of its places
    if len(line) < 3000:
        return [line]
    return re.split(r"(?<![A-Za-z0-9])\s+(?![A-Za-z0-9]*\s)|\s+(?=[\u4e00-\u9fff（(—“])", line)


def _unwrapped(lines: Sequence[str]) -> list[str]:
    """Undo hard line breaks of a fixed width, as text from a PDF has them; other texts come back as they are."""
    lengths = sorted(len(line) for line in lines if line)
    if len(lengths) < 20:
        return list(lines)
    width = lengths[int(len(lengths) * 0.9)]
    full = [line for line in lines if len(line) >= 0.85 * width]
    open_ended = sum(line[-1] not in _SENTENCE_END for line in full)
    if width > 70 or len(full) < 0.4 * len(lengths) or open_ended < 0.6 * len(full):
        return list(lines)
    joined: list[str] = []
    runs_on = False
    for line in (line for line in lines if line and not is_furniture(line)):
        if runs_on and joined and not _starts_anew(line):
            joined[-1] = _glued(joined[-1], line)
        else:
            joined.append(line)
        runs_on = len(line) >= (0.97 if line[-1] in _SENTENCE_END else 0.85) * width
    return joined


def _joined(lines: Sequence[str]) -> list[str]:
    """Join what belongs to one sentence or, where blank lines part the paragraphs, to one paragraph; drop blanks."""
    parted = _parts_by_blanks(lines)
    joined: list[str] = []
    adjacent = False
    for line in lines:
        if not line or (is_furniture(line) and not opens_tail(line)):
            adjacent = adjacent and bool(line)
            continue
        if joined and (_broken_between(joined[-1], line) or (parted and adjacent and _same_block(joined[-1], line))):
            joined[-1] = _glued(joined[-1], line)
        else:
            joined.append(line)
        adjacent = True
    return joined


def _parts_by_blanks(lines: Sequence[str]) -> bool:
    ends = [at for at, line in enumerate(lines[:-1]) if len(line) > 60 and line[-1] in "。！？!"]
    return len(ends) > 5 and sum(not lines[at + 1] for at in ends) >= 0.8 * len(ends)


def _starts_anew(line: str) -> bool:
    mark = marked(line)
    return is_salutation(line) or is_glossary_title(line) or (mark is not None and mark[0] != "number")


def _same_block(before: str, line: str) -> bool:
    if _starts_anew(line) or is_salutation(before) or opens_tail(line) or opens_tail(before):
        return False
    is_heading = is_bare(before) and (
        len(before) <= 16 or marked(before) is not None or _CHAPTER.search(before) is not None
    )
    return len(before) + len(line) > 24 and (
        not is_heading or re.fullmatch(r"[一二三四五六七八九十]{1,2}[是要]", before) is not None
    )


def _broken_between(before: str, line: str) -> bool:
    """Say whether a sentence was broken here: it breaks off, a quotation is open, or the next line only goes on."""
    if is_salutation(before) or opens_tail(line) or is_glossary_title(line):
        return False
    if before.endswith("代表大会") and re.match(r"第.{1,3}次会议", line):
        return True
    if _CONTINUES.match(line) and before[-1] not in _SENTENCE_END:
        return True
    if before[-1] in _SENTENCE_END or _starts_anew(line):
        return False
    opened = any(before.count(mark) > before.count(close) for mark, close in _OPENERS.items())
    return opened or _BREAKS_OFF.search(before) is not None


def _glued(before: str, line: str) -> str:
    gap = " " if before[-1].isascii() and before[-1].isalnum() and line[0].isascii() and line[0].isalpha() else ""
    return before + gap + line


def _without_abstract(lines: Sequence[str]) -> list[str]:
    """Drop a page's summary: a line in front of the caption that only repeats how the report begins."""
    for at, line in enumerate(lines[:12]):
        opening = re.sub(r"\W", "", _ABSTRACT.sub("", line))[:60]
        below = lines[at + 1 : at + 12]
        stands_in_front = any(is_salutation(each) or is_title(each) for each in below)
        if stands_in_front and len(opening) >= 40 and opening in re.sub(r"\W", "", "".join(below)):
            return [*lines[:at], *lines[at + 1 :]]
    return list(lines)


def _without_head(lines: Sequence[str]) -> list[str]:
    """Drop what stands above the report, but for its title, occasion, speaker and date."""
    start = _opening(lines)
    saluted = start < len(lines) and _addresses(lines[start])
    kept: list[str] = []
    for line in lines[:start]:
        if is_furniture(line) or is_notice(line):
            continue
        if is_title(line) or is_caption(line, (kept or [""])[-1]) or (not saluted and _may_be_text(line)):
            kept.append(line)
    return [*kept, *lines[start:]]


def _opening(lines: Sequence[str]) -> int:
    """Return the first line of the report below its caption: the salutation, else the first heading or long line."""
    for at, line in enumerate(lines[:_HEAD_LINES]):
        if _addresses(line) or len(line) >= _LONG or (marked(line) or ("dash",))[0] in {"chapter", "part", "section"}:
            return at
    return 0


def _addresses(line: str) -> bool:
    return is_salutation(line) or re.match(r"(?:现在)?[，,]?\s*我代表.{2,24}(?:报告|审议)", line) is not None


def _may_be_text(line: str) -> bool:
    """Where no salutation marks the beginning, a sentence, a target or a heading in front is taken for the report's."""
    if line[-1] in "。！？!；;：:":
        return len(line) >= 12
    return is_bare(line) and (holds_figure(line) or _CHAPTER.search(line) is not None)


def _without_tail(lines: Sequence[str]) -> list[str]:
    """Drop what a page puts below the report; a sentence or an entry of the report that comes after it stays."""
    total = sum(map(len, lines))
    kept: list[str] = []
    passed, in_tail = 0, False
    for line in lines:
        passed += len(line)
        in_tail = in_tail or (passed > total / 2 and opens_tail(line))
        if is_furniture(line) or (in_tail and not _is_text(line)):
            continue
        kept.append(line)
    return kept


def _is_text(line: str) -> bool:
    """Below a page's tail only a line that reads as part of a report is kept."""
    if is_notice(line) or opens_tail(line):
        return False
    if is_glossary_title(line) or (marked(line) or ("",))[0] in {"chapter", "section"}:
        return True
    if glossary_term(line) is not None and re.search(r"[：:。]", line):
        return True
    return line[-1] in "。！？!；" and len(line) >= 10
