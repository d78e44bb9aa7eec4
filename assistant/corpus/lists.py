"""Cut a paragraph that is a list in disguise: (1) … (60), or 一是 … 二是 … run together."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from assistant.corpus.headings import find_heading

LONG = 350
"""Characters above which a paragraph is split at 一是 … 二是 …; a shorter one is read more easily whole."""
_SHORT_LEAD = 60
_ITEM = re.compile(r"[（(](\d{1,2})[）)]")
_ORDINAL = re.compile(r"(?:(?<=[。！？!?；;：:\n])|^)\s*([一二三四五六七八九十]{1,2})(?:是|要)")
_HAN = "一二三四五六七八九十"


def split_list(line: str, own: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield the parts of a line with the headings of each; a line that is no list comes back whole.

    A short lead stays in front of the first item, a long one is a part of its own; the lead heads every item.
    """
    cuts = _item_cuts(line) or (_ordinal_cuts(line) if len(line) > LONG else [])
    if not cuts:
        yield line, list(own)
        return
    lead = line[: cuts[0]].strip()
    above = [*own, *_lead_heading(lead, own)]
    if len(lead) > _SHORT_LEAD:
        yield lead, list(own)
    elif lead:
        cuts[0] = 0
    for start, end in itertools.pairwise([*cuts, len(line)]):
        text = line[start:end].strip()
        found = find_heading(text[len(lead) :].strip() if start == 0 and lead else text)
        yield text, [*above, *([found.text] if found is not None and found.style == "ordinal" else [])]


def _lead_heading(lead: str, own: Sequence[str]) -> list[str]:
    """Return the last sentence in front of a list as its heading, unless the headings say it already."""
    said = re.split(r"[。！？!?]", lead.rstrip("：:。；;，,"))[-1].strip()
    if not 4 <= len(said) <= 30 or any(said in heading or heading in said for heading in own):
        return []
    return [said]


def _item_cuts(line: str) -> list[int]:
    """Return where (1) (2) (3) … begin; the numbers must follow one another, two at least."""
    cuts: list[int] = []
    last = 0
    for mark in _ITEM.finditer(line):
        if not cuts or int(mark.group(1)) == last + 1:
            cuts.append(mark.start())
            last = int(mark.group(1))
    return cuts if len(cuts) > 1 else []


def _ordinal_cuts(line: str) -> list[int]:
    """Return where 一是 二是 三是 … begin; the count starts at one and misses none."""
    cuts: list[int] = []
    for mark in _ORDINAL.finditer(line):
        if mark.group(1) == _HAN[len(cuts) : len(cuts) + 1]:
            cuts.append(mark.start(1))
    return cuts if len(cuts) > 1 else []
