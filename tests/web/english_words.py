"""The English of the page as its script holds it, and what becomes of a sentence by it: `english.js` said in Python."""

from __future__ import annotations

import re
from pathlib import Path

import assistant

SCRIPTS = Path(assistant.__file__).parent / "web" / "static" / "page"
_TABLES = dict(
    re.findall(
        r"^export const (\w+) = (.*?)^[\]}];$",
        (SCRIPTS / "english-words.js").read_text("utf-8"),
        re.MULTILINE | re.DOTALL,
    )
)
Patterns = list[tuple[re.Pattern[str], str]]


def words_of(table: str) -> list[tuple[str, str]]:
    """Each Chinese text of a table with its English."""
    return re.findall(r'^  "([^"]+)":\s+"([^"]+)",$', _TABLES[table], re.MULTILINE)


def patterns_of(table: str) -> Patterns:
    """Each pattern of a table with what is said for it; what a constant stands for is not looked up."""
    found = re.findall(r'^  \[/(.+?)/,\s+(?:"([^"]+)"|`([^`]+)`)\],$', _TABLES[table], re.MULTILINE)
    return [(re.compile(pattern), said or filled) for pattern, said, filled in found]


NAMES = dict(words_of("NAMES"))
SENTENCES, PARTS = patterns_of("SENTENCES"), patterns_of("PARTS")


def in_sentences(text: str) -> str | None:
    """The English of a text that is nothing but sentences of the assistant's own; None where anything else is in it."""
    told, rest = [], text.strip()
    while rest:
        found = next(((match, said) for one, said in SENTENCES if (match := one.match(rest))), None)
        if found is None:
            return None
        told.append(_filled(*found))
        rest = rest[found[0].end() :].lstrip()
    return " ".join(told)


def part(text: str) -> str:
    """The English of what a sentence says of a place and a time, or the text itself where it is not known."""
    if text in NAMES:
        return NAMES[text]
    found = next(((match, said) for one, said in PARTS if (match := one.fullmatch(text))), None)
    return " ".join(_filled(*found).split()) if found else text


def _filled(match: re.Match[str], english: str) -> str:
    def told(group: re.Match[str]) -> str:
        found = match[int(group[1])] or ""
        return found if found == match.string else part(found)

    return re.sub(r"\$(\d)", told, english)
