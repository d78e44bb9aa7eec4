"""The pages that people read: the two READMEs and `docs/`, each page in English and in Chinese."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
ENGLISH = tuple(sorted((ROOT / "docs").glob("*.md")))
CHINESE = tuple(sorted((ROOT / "docs" / "zh-CN").glob("*.md")))
ALL = (*READMES, *ENGLISH, *CHINESE)


class Block(NamedTuple):
    """What stands between two fences."""

    language: str
    text: str


def both(name: str) -> tuple[Path, Path]:
    """A page of `docs/` in both languages."""
    return ROOT / "docs" / f"{name}.md", ROOT / "docs" / "zh-CN" / f"{name}.md"


def all_blocks(path: Path) -> list[Block]:
    found = re.findall(r"^```(\w*)\n(.*?)^```$", path.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return [Block(*one) for one in found]


def blocks(path: Path, language: str) -> list[str]:
    return [one.text for one in all_blocks(path) if one.language == language]


def block(path: Path, language: str, holding: str) -> str:
    return next(text for text in blocks(path, language) if holding in text)
