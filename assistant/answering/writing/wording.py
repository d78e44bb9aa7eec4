"""What a sentence says in words that its passages do not have, and whether these may be said at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.answering.writing.turning import bare as bare
from assistant.answering.writing.turning import runs, turns
from assistant.language.folding import fold
from assistant.language.lexicon import Lexicon
from assistant.language.periods import find_periods
from assistant.language.quantities import find_quantities
from assistant.language.words import Segmenter, carries_content
from assistant.retrieval.question import Term
from assistant.retrieval.relevance import bare_text, match

SHORTEST_RUN = 3
"""Characters in a row that a sentence shares with a passage to count as taken from it."""
_NEUTRAL = re.compile(
    r"^(?:方面|措施|举措|做法|工作|内容|项目|目标|计划|地区|全区|报告|情况|方式|方法|问题|原因|任务|部分|领域|活动|具体|主要|包括|包含|涉及|分别"
    r"|此外|另外|同时|其中|以及|还有|首先|其次|最后|并且|而且|通过|提出|表示|指出|明确|强调|致力"
    r"|预期|预计|力争|完成|实现|达到|增长|增速|增幅|数量|数额|总额|总量|共计|总共|以下|如下|上述|对比|比较|相比|来看|而言|方案|步骤|重点"
    r"|两者|二者|看出|也就是说|可见|相比之下|相差|差距|差额|高于|低于|多于|少于|超过|超出|根据|按照|可以|能够|做好|做出|作出|加以|方向|多个|多项|多种|多方面|若干|一系列|高出|低出|多出"
    r"|还是|还有|则是|均为|所作|分为|共有|需要|政府|政策|单位|个|年|区|市|县|今年|去年|当年|全年|年度|指的|意思|称为|即|也就是|具有|属于|作为|成为|继续|进一步|将|要|会|以|为|是|有|在)$"
)
_LIGHT = "的了是为和与及在将并以也还由共均都则年月日区市县期个其"
_HEDGED = re.compile(
    r"(?:不低于|不少于|不超过|不高于|超过|低于|高于|至少|[高低多少][约近]?|约)(?=约?\d|[一二三四五六七八九十百]+分之)"
)
# Judgements, reasons and denials are claims; a model may not add them.
_CLAIMS = re.compile(
    r"最[^后近终]|首(?!先|创)|唯一|全部|所有|大幅|显著|明显|远远|远超|翻番|因此|由于|因为|导致|从而|所以|说明|表明|意味|证明|反映"
    r"|为了|以便|使得|旨在|以实现|确实|这[些一]|此举|(?:重点|关键|核心|主要)(?:是|在于)"
    r"|并非|停止|取消|超额|提前|超预期|领先|落后|第[一二三四五六七八九十百\d]|排名|位居|倒数|率先|圆满|顺利|成功|绝不|必须|严禁"
)
_UNFINISHED = re.compile(r"(?:(?<![就于])是|(?<![行作成])为|包括|[和与及比、，]|达到|等于)$")
_REACHES = re.compile(r"从[^。]*(?:到|至|起|入手|出发|开始|着手)")
_SEMICOLON = re.compile(r"(?=([\u4e00-\u9fff]{2})[;；]([\u4e00-\u9fff]{2}))")
_SEQUENCE = re.compile(r"^(?:第[一二三四五六七八九十](?=[,，、是])|[一二三四五六七八九十]是|其[一二三四五](?=[,，是]))")
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_ORDINAL = re.compile(r"第[一二三四五六七八九十百\d]+|前[一二三四五六七八九十\d]+[名位强]?")
_DATE = re.compile(r"\d{1,2}月\d{1,2}日|\d{1,2}月(?=[底初末中份前])")


def is_chinese(text: str) -> bool:
    """Whether a sentence is written in Chinese: at least half of its letters are Han."""
    letters = [char for char in text if char.isalpha()]
    return bool(letters) and sum("\u3400" <= char <= "\u9fff" for char in letters) >= 0.5 * len(letters)


def added(text: str, known: Sequence[str]) -> str:
    """What a sentence says beside the runs of words that it takes over, the places of these marked by line breaks."""
    rest, among = bare(text), "\n".join(map(bare, known))
    pieces, at = [], 0
    while at < len(rest):
        run = 0
        while at + run < len(rest) and rest[at : at + run + 1] in among:
            run += 1
        if run >= SHORTEST_RUN:
            pieces.append("\n")
            at += run
        else:
            pieces.append(rest[at])
            at += 1
    return "".join(pieces)


def bare_of_figures(text: str) -> str:
    """A text without marks, white space, times, figures and the hedges before them; a space stands for each run of these."""
    return re.sub(r"[^\w%‰]+", " ", without_figures(fold(text))).strip()


def taken(text: str, known: str) -> list[bool]:
    """For each character of a text, whether it belongs to a run of at least `SHORTEST_RUN` that stands in what is known."""
    among = bare(known)
    marks = [False] * len(text)
    at = 0
    while at < len(text):
        run = 0
        while at + run < len(text) and text[at : at + run + 1] in among:
            run += 1
        if run >= SHORTEST_RUN:
            marks[at : at + run] = [True] * run
        at += run if run >= SHORTEST_RUN else 1
    return marks


def faults(
    text: str, known: str, passages: Sequence[str], segmenter: Segmenter, lexicon: Lexicon, is_comparison: bool
) -> list[str]:
    """Return what is wrong with the words of a sentence: claims, numbers or names that are the model's own, a denial left out."""
    text = _SEQUENCE.sub("", text)
    found = []
    own = added(text, [known])
    if _CLAIMS.search(own) and not is_comparison:
        found.append("wording")
    if strange_numbers(text, known):
        found.append("number")
    if turns(text, known, passages):
        found.append("denial")
    if _invents(text, known, segmenter, lexicon):
        found.append("invented")
    if any(_levels(text, passage) for passage in passages):
        found.append("levels")
    if is_unfinished(text, known):
        found.append("unfinished")
    return found


def strange_numbers(text: str, known: str) -> bool:
    """Whether a sentence has an ordinal, a date or a number in a name that no passage has."""
    among = bare(known)
    if any(words not in among for words in (*_ORDINAL.findall(bare(text)), *_DATE.findall(fold(text)))):
        return True
    return bool(_loose_digits(text) - set(_DIGITS.findall(fold(known))))


def breaks_off(text: str) -> bool:
    """Whether a sentence ends with a word that something must follow: 包括, 达到."""
    return bool(_UNFINISHED.search(text))


def is_unfinished(text: str, known: str) -> bool:
    """Whether a sentence breaks off: after 包括, or from somewhere to nowhere."""
    return breaks_off(text) or ("从" in added(text, [known]) and not _REACHES.search(text))


def _levels(text: str, passage: str) -> bool:
    """Whether a sentence makes one list of what a passage parts by semicolons: 甲、乙的机制；丙、丁的机制."""
    flat = re.sub(r"\s", "", text)
    return any(f"{mark[1]}、{mark[2]}" in flat for mark in _SEMICOLON.finditer(re.sub(r"\s", "", passage)))


def _loose_digits(text: str) -> set[str]:
    """The numbers of a sentence that are neither figures nor years, such as those in names."""
    return set(_DIGITS.findall(without_figures(fold(text))))


def _invents(text: str, known: str, segmenter: Segmenter, lexicon: Lexicon) -> bool:
    """Whether a word that says something stands neither in a passage nor, by another name, for one that does.

    A model may join and order the words of its passages; one antonym among them (放缓 for 加快) is a false answer.
    """
    among = Among.of(known)
    listed = re.sub(r"等(?=$|[、,，;；])", " ", fold(text))
    words = [word for run in runs(without_figures(listed)).split() for word in segmenter.cut(run)]
    return any(is_of_weight(word) and not among.holds(word, lexicon) for word in words)


def is_of_weight(word: str) -> bool:
    """Whether a word says something: no single character, number, or word of the genre's own joints (方面, 包括)."""
    return len(word) >= 2 and not word[0].isdigit() and carries_content(word) and not _NEUTRAL.match(word)


@dataclass(frozen=True)
class Among:
    """The text of passages as words are looked up in it."""

    bare: str
    words: str

    @classmethod
    @lru_cache(maxsize=64)
    def of(cls, known: str) -> Among:
        """Fold a text once for all the words that are looked up in it."""
        return cls(bare(known), bare_text(known))

    def holds(self, word: str, lexicon: Lexicon) -> bool:
        """Whether a word stands here, or by another name one for the same."""
        core = word.strip(_LIGHT)  # jieba takes 和民府, 年松北 and 区为 for words
        if word in self.bare or core in self.bare:
            return True
        variants = lexicon.synonyms.get(word, (word,))
        names = {name for mention in lexicon.asked_in(word) for name in mention.names}
        written = tuple(form for name in names for form in lexicon.indicators[name].written)
        return match(Term(word, (*variants, *written)), self.words) >= 0.6


def without_figures(text: str) -> str:
    """A text with a line break for each character of a time or a figure, and without the hedges before figures."""
    text = _HEDGED.sub("", text)
    characters = list(text)
    spans = [(m.start, m.end) for m in find_periods(text)] + [(q.start, q.end) for q in find_quantities(text) if q.unit]
    for start, end in spans:
        characters[start:end] = "\n" * (end - start)
    return "".join(characters)
