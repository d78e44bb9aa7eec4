"""The English words of the interface: each sentence of the scripts has its words, and none is kept that nobody says."""

from __future__ import annotations

import re
from pathlib import Path

import assistant

ROOT = Path(assistant.__file__).parent
SCRIPTS = ROOT / "web" / "static" / "page"
ENGLISH = (SCRIPTS / "english-words.js").read_text("utf-8")
WORDS = re.findall(r'^  "([^"]+)":', ENGLISH, re.MULTILINE)
PATTERNS = [re.compile(one) for one in re.findall(r"^  \[/(.+?)/,", ENGLISH, re.MULTILINE)]
ELSEWHERE = ("回答：", "政问指标", "地区生产总值")
"""Said with foreign words behind it, which stay Chinese."""


FIGURES = re.compile(r"(?:[1 ，。、：（）]|[年万亿]|的口径|看原文)+")
"""Of figures alone, with whose and when they are: these stay Chinese."""


def said_by_scripts() -> set[str]:
    """Each Chinese text that a script writes, a number or a word in place of what it puts in."""
    sources = [path.read_text("utf-8") for path in SCRIPTS.glob("*.js") if path.name != "english-words.js"]
    told = [one for source in sources for one in re.findall(r'"([^"\n]*)"|`([^`\n]*)`', source)]
    filled = {re.sub(r"\$\{[^}]*\}", "1", first or second) for first, second in told}
    return {text for text in filled if re.search(r"[\u4e00-\u9fff]", text)}


def test_every_sentence_of_the_scripts_is_said_in_english_too() -> None:
    questions = {text for text in said_by_scripts() if text.startswith("总结一下")}
    left = {
        text
        for text in said_by_scripts() - questions
        if text not in WORDS
        and not FIGURES.fullmatch(text)
        and not text.startswith(ELSEWHERE)
        and not any(one.fullmatch(text) for one in PATTERNS)
    }
    assert left == set()


def test_no_word_is_kept_that_nobody_says() -> None:
    others = [
        path for path in ROOT.rglob("*") if path.suffix in {".py", ".js", ".toml"} and path.name != "english-words.js"
    ]
    told = "".join(path.read_text("utf-8") for path in others)
    said = re.sub(r"<[^>]*>", "", told)
    assert [one for one in WORDS if one.rstrip("。") not in told and one.rstrip("。") not in said] == []


def test_no_sentence_has_two_translations() -> None:
    assert len(WORDS) == len(set(WORDS))
    assert len(WORDS) > 100
    assert len(PATTERNS) > 10
