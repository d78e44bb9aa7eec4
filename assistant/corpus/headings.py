"""What a heading looks like in a government work report, and how deep it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.language.ruleset import read_rules

HAN_NUMBER = "[一二三四五六七八九十〇零]{1,3}"
SENTENCE_END = "。！？!?"
_LONGEST_HEADING = 44
_LONGEST_LEAD = 26
_LONGEST_BARE = 40

_MARKERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("part", re.compile(rf"第{HAN_NUMBER}部分[、：:\s]?")),
    ("chapter", re.compile(rf"{HAN_NUMBER}、")),
    ("section", re.compile(rf"[（(]{HAN_NUMBER}[）)][、.．]?")),
    ("dash", re.compile(r"(?:[—―－–]{1,4}|-{2,})(?=[^\d\s—―－–-]|\d+[^\d年])")),
    ("ordinal", re.compile(rf"{HAN_NUMBER}(?:是|要)|第{HAN_NUMBER}[，,、：:]|(?:首先|其次)[，,]")),
    ("number", re.compile(r"\d{1,2}(?:[.．、](?!\d)|\s+(?=[\u4e00-\u9fff“]))\s*")),
    ("item", re.compile(r"[（(]\d{1,2}[）)]")),
)
"""Marks in the order in which they are tried; the name is the style that decides the depth."""

LASTING = frozenset({"part", "chapter", "section", "number", "bare"})
"""Styles whose heading holds for the paragraphs after it too; the others hold for their own paragraph."""

_GLOSSARY = read_rules("lists")["glossary title"].pattern
_ENTRY = re.compile(r"(?:\d{1,3}\s*[.．、]\s*|[\[〔【（(]\s*\d{1,3}\s*[\]〕】）)]\s*|[①-⑳㉑-㉟]\s*)")
_SALUTATION = re.compile(r"(?:各位代表|同志们|各位代表、同志们|各位委员)[^。]{0,12}?[：:！!，,]?")
_SPEAKS_TO = re.compile(r"各位代表|同志们")
_CLOSES = re.compile(
    r"各位代表|同志们|此外|一年来[，,]|(?:过去|这)的?一年[，,]|与此同时|同时[，,]|在此[，,]|在(?:肯定|看到|取得|总结)[^。]{0,12}的同时|回顾(?:过去|一年|五年)|"
    r"为实现上述|围绕上述|过去(?:一|五)年(?:的)?(?:成绩|实践)|(?:\d{4}年|今年)[^。，,]{0,14}(?:主要|预期)[^。，,]{0,6}目标"
)
_TITLE = re.compile(r"政\s*府\s*工\s*作\s*(?:报\s*告|计\s*划|要\s*点)|^.{0,16}工作报告$|主要任务$|重点工作$")
_CAPTION = re.compile(
    r"人民代表大会|次会议上?$|(?:区长|市长|县长|省长|主席|总理|州长|旗长|盟长|专员)[\s\u4e00-\u9fff·]{0,12}$|^报告人|"
    r"^[（(]?(?:\d{4}|[〇○零一二三四五六七八九]{4})年.{1,8}日[）)]?$"
)
_NAME = re.compile(r"[\u4e00-\u9fff]\s?[\u4e00-\u9fff](?:\s?[\u4e00-\u9fff])?")
_FIGURE = re.compile(r"\d|百分之|同步")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading found at the start of a line."""

    style: str
    """One of part, chapter, section, dash, ordinal, number, item, bare, lead."""
    text: str
    whole: bool
    """True where the line holds nothing else."""
    sentence: bool
    """True where the line ends as a sentence does."""


def is_glossary_title(line: str) -> bool:
    """Say whether a line opens the explanations of terms (名词解释)."""
    return _GLOSSARY.fullmatch(line) is not None


def glossary_term(line: str) -> str | None:
    """Return the term that an entry such as `2.“政区合一”:是指…` explains, or None where the line is no entry."""
    named = re.match(r"[\[【〔]([^\]】〕\d][^\]】〕]{1,29})[\]】〕]", line)
    if named is not None:
        return named.group(1)
    mark = _ENTRY.match(line)
    if mark is None:
        return None
    return re.split(r"[:：]|是指|，指", line[mark.end() :], maxsplit=1)[0].strip()[:_LONGEST_HEADING]


def entry_number(line: str) -> int | None:
    """Return the number of a line that explains a term (`7.“双减”:有效减轻…`), or None where it explains none."""
    found = re.match(
        r"[\[〔【（(]?\s*(\d{1,3})\s*(?:[.．、]|[\]〕】）)])\s*[^。，；]{2,40}?(?:[:：]|[,，]?是?指)", line
    )
    return int(found[1]) if found else None


def explains(line: str) -> bool:
    """Say whether a line quotes a term and explains it, or says that it does."""
    return bool(re.match(r"\W*\d*\W*?[“\"‘《][^。]{1,40}?[:：]|[^。]{2,40}?[:：，,]?(?:是指|主要指|即|指)", line))


def is_salutation(line: str) -> bool:
    """Say whether a line only addresses the assembly (各位代表：)."""
    return _SALUTATION.fullmatch(line) is not None


def leaves_section(line: str) -> bool:
    """Say whether a line turns back from the section before it to the chapter as a whole (各位代表! 此外, …)."""
    return _CLOSES.match(line) is not None


def is_title(line: str) -> bool:
    """Say whether a line in front of a report is its title."""
    return len(line) <= 90 and line != "工作报告" and line[-1] not in SENTENCE_END and _TITLE.search(line) is not None


def is_caption(line: str, before: str = "") -> bool:
    """Say whether a line in front of a report tells the occasion, the speaker or the date; a name follows an office."""
    if len(line) > 90 or line[-1] in SENTENCE_END + "：:":
        return False
    if _CAPTION.search(line) is not None:
        return True
    return _NAME.fullmatch(line) is not None and bool(before) and _CAPTION.search(before) is not None


def is_bare(line: str) -> bool:
    """Say whether a line is short and ends in no mark: a heading without a number, or a target in a list."""
    return (
        len(line) <= _LONGEST_BARE
        and " | " not in line
        and len(re.findall(r"[\u3400-\u9fff]", line)) >= 4
        and line[-1] not in SENTENCE_END + "；;：:，,、"
        and not re.search(r"[。！？]", line)
    )


def holds_figure(line: str) -> bool:
    """Say whether a line states a quantity; the digits of a year, a mark or a slogan such as “2+4” are none."""
    plain = re.sub(r"^\s*\d{1,2}[.、\s]|\d{4}\s*年?|[“‘\"][^”’\"]*[”’\"]", "", line)
    return _FIGURE.search(plain) is not None


def marked(line: str) -> tuple[str, int] | None:
    """Return the style of the mark that opens a line and where the mark ends, or None."""
    for style, pattern in _MARKERS:
        mark = pattern.match(line)
        if mark:
            return style, mark.end()
    return None


def find_heading(line: str) -> Heading | None:
    """Return the heading that opens a line: by its mark, as a bare line, or as a short lead sentence."""
    mark = marked(line)
    if mark is not None:
        return _marked_heading(line, *mark)
    if is_bare(line) and not _SPEAKS_TO.match(line):
        return Heading("bare", line, whole=True, sentence=False)
    return _lead_heading(line)


def _marked_heading(line: str, style: str, start: int) -> Heading | None:
    stop = re.search(r"[。！？!?；;：:]|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])", line[start:])
    end = start + stop.start() if stop else len(line)
    text = line[:end].strip()
    whole = not line[end:].strip(SENTENCE_END + "；;：: ”’")
    if style in {"ordinal", "dash"} and len(text) - start < 2:
        return None
    whole = whole and len(text) <= 2 * _LONGEST_HEADING
    return Heading(style, text if whole else _shortened(text), whole, line[-1] in SENTENCE_END)


def _lead_heading(line: str) -> Heading | None:
    stop = re.search(r"[。！!]", line)
    if stop is None or not 4 <= stop.start() <= _LONGEST_LEAD or len(line) - stop.end() < stop.start():
        return None
    text = line[: stop.start()]
    if (
        holds_figure(text)
        or "是" in text.replace("实事求是", "")
        or _SPEAKS_TO.match(text)
        or text.count("“") != text.count("”")
    ):
        return None
    return Heading("lead", text, whole=False, sentence=True)


def _shortened(text: str) -> str:
    """Cut a heading that ran into its paragraph because the mark between them was lost."""
    if len(text) <= _LONGEST_HEADING:
        return text
    commas = [found.start() for found in re.finditer(r"[，,]", text[:_LONGEST_HEADING]) if found.start() > 10]
    return text[: commas[-1] if commas else _LONGEST_HEADING]
