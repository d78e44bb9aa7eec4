"""The words around a figure cut to what they are a figure of; the rules stand in `language/rules/phrases.toml`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from assistant.language.ruleset import Rule, read_rules
from assistant.language.sentences import Span
from assistant.language.words import Segmenter

RULES: dict[str, Rule] = read_rules("phrases")
_MARKS = " \t\n|｜,，。;；:：∶、!！?？—-·（）()"
_TRAILING = re.compile(rf"(?:{RULES['before a figure'].source}|{RULES['on a like basis'].source})$")
_LEADING = re.compile(rf"^(?!{RULES['opens nothing'].source}){RULES['opens a statement'].source}")
_OWN = re.compile(rf"^{RULES['own place'].source}(?![市县区])")
_ACTION = re.compile(
    rf"^{RULES['how it is done'].source}?(?:{RULES['action'].source})(?:改造|改建|改扩建|续建|维修|整治|提升|修订|完善)?"
    rf"(?:[、和](?:{RULES['action'].source})(?:提升)?)*(?:了|好|出)?(?!的|(?<=建成)区)(?=[\u4e00-\u9fffA-Za-z0-9“”\"《]{{2}})"
)
_ONLY_ACTION = re.compile(
    rf"^{RULES['how it is done'].source}?(?:{RULES['action'].source})+(?:[、和](?:{RULES['action'].source})+)*(?:了|好|出)?$"
)
_ACTION_BEHIND = re.compile(rf"(?<=[\u4e00-\u9fff”]{{2}})(?:{RULES['action'].source})+$")
_MEASURE_BEHIND = re.compile(
    rf"(?<=[\u4e00-\u9fff”]{{2}})(?:{RULES['measured'].source}|{RULES['metric'].source}|{RULES['bare rate'].source})$"
)
_OTHER_MEASURE = re.compile(r"(?:(?:播种|种植|养殖)?面积|存栏)$")
_OUTPUT = ("产量", "总产", "总产量", "出栏", "产值", "年产值")
_MEASURED = re.compile(rf"(?:{RULES['whole place'].source}在?)?{RULES['measured'].source}")
_PREDICATE = re.compile(rf"^{RULES['predicate'].source}$")
_STOP = re.compile(r"[,，。;；:：、!！?？]")
_OPENED, _CLOSED = "（(“《", "）)”》"
_EXAMPLES = re.compile(r"[^\n]*、[^\n]*?等(?=[\u4e00-\u9fff“]{2})(?!级|额)")
_LONGEST_TOPIC = 16
"""Characters of what a clause is about that may be said of the figures behind it."""
_SHORT_MEMBER = 3
"""Characters of a row's member that cannot stand for itself: 城镇, 刑事, 一."""
_GOES_ON = frozenset("cdpru")
"""Parts of speech (conjunctions, adverbs, prepositions, pronouns, particles) that end the name of a thing behind its figure."""
_DESCRIBES = frozenset("abt")
"""Parts of speech (adjectives, distinguishing words, times) that may open a name: 新材料产业, 现代服务业."""


@cache
def segmenter() -> Segmenter:
    """The dictionary that tells names of things from what they do; loaded when the first report is read."""
    return Segmenter(())


def trimmed(text: str, start: int, end: int) -> Span:
    """Cut what stands before a figure to its subject: 「预计全区地区生产总值完成」 is 「地区生产总值」; empty where none is left."""
    while True:
        before = (start, end)
        while start < end and text[start] in _MARKS:
            start += 1
        while start < end and text[end - 1] in _MARKS:
            end -= 1
        part = text[start:end]
        if _MEASURED.fullmatch(part):
            return start, end
        if found := _LEADING.match(part) or _OWN.match(part):
            # 在 and 使 open a statement; 在建 and 使用 do not: a word that leaves one character was none of them.
            if len(part) - found.end() != 1 or found.group() in ("其中", "、", "和"):
                start += found.end()
        elif found := _TRAILING.search(part):
            end -= len(part) - found.start()
        if (start, end) == before:
            return start, end


def pieces(text: str, start: int, end: int) -> tuple[Span, ...]:
    """Part a subject at what was blanked out of it, and from the word that says what is done: (新认定)(高新技术企业)."""
    found = [match.span() for match in re.finditer(r"[^\n]+", text[start:end])]
    spans: list[Span] = []
    for left, right in found:
        left, right = left + start, right + start
        if examples := _EXAMPLES.match(text, left, right):
            left = examples.end()  # 甲公司、乙公司等优强企业: what is counted is the kind
        while left < right and text[left] in _MARKS:
            left += 1
        while left < right and text[right - 1] in _MARKS:
            right -= 1
        if left < right:
            right += text[left:right].count("(") > text[left:right].count(")") and text.startswith(")", right)
            spans.append((left, right))
    if spans and (action := _ACTION.match(text[slice(*spans[0])])):
        left, right = spans[0]
        spans[0:1] = [(left, left + action.end()), (left + action.end(), right)]
    return tuple(spans)


def is_action(text: str) -> bool:
    """Whether words say only what is done, and not to what: 新增, 改造提升."""
    return _ONLY_ACTION.fullmatch(text) is not None


def agent_and_action(text: str, span: Span) -> tuple[Span, ...]:
    """Part 中心城区|实施 where words end with what is done; the span itself elsewhere."""
    found = _ACTION_BEHIND.search(text[slice(*span)])
    return ((span[0], span[0] + found.start()), (span[0] + found.start(), span[1])) if found else (span,)


def without_measure(text: str, span: Span) -> Span:
    """The thing that is counted, without what the next figure measures of it: 重点产业链 of 重点产业链销售规模."""
    found = _MEASURE_BEHIND.search(text[slice(*span)])
    return (span[0], span[0] + found.start()) if found else span


def without_level(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Spans without the words that say of what level the thing is: 临床重点专科 of 省级临床重点专科."""
    kept = []
    for start, end in spans:
        found = RULES["of a level"].pattern.match(text, start, end)
        if found is None or found.end() < end:
            kept.append((found.end() if found else start, end))
    return tuple(kept)


def without_other_measure(text: str, carried: Sequence[Span], own: str) -> list[Span]:
    """A thing that an area or a stock was told of, for a figure of its output: 粮食 of 粮食种植面积…，产量…."""
    kept = []
    for start, end in carried:
        found = _OTHER_MEASURE.search(text, start, end) if own in _OUTPUT else None
        kept.append((start, found.start() if found and found.start() > start else end))
    return kept


def is_measured(text: str) -> bool:
    """Whether words say only how much there is of something: 总投资, 增幅."""
    return _MEASURED.fullmatch(text) is not None


def is_verbal(text: str) -> bool:
    """Whether words are verbs and adverbs alone, by the dictionary: 新增统筹安排."""
    return all(segmenter().part_of_speech(word)[:1] in ("v", "d") for word in segmenter().cut(text))


def thing_behind(text: str, start: int, end: int, linked: bool = False) -> Span:
    """The name of what is counted right behind a figure: 「房屋」 of 「房屋全部如期交付」; empty where none begins there.

    It goes on to the first mark or word that says what the thing does. A verb inside a name (乡村振兴示范村) belongs to it.
    """
    part = text[start:end]
    at, depth, seen = 0, 0, False
    stop = _unclosed(part)
    for mark in _STOP.finditer(part, 0, stop):
        inside = sum(part.count(c, 0, mark.start()) for c in _OPENED) - sum(
            part.count(c, 0, mark.start()) for c in _CLOSED
        )
        if inside <= 0 and not (linked and mark.group() == "、"):
            stop = mark.start()
            break
    if found := re.match(r"的|[)）]", part[:stop]):
        at = found.end()
    left = at
    if level := RULES["of a level"].pattern.match(part, at, stop):
        at, seen = level.end(), True  # 2个千亿级、6个百亿级产业集群
    words = segmenter().cut(part[at:stop])
    for place, word in enumerate(words):
        depth += sum(word.count(c) for c in _OPENED) - sum(word.count(c) for c in _CLOSED)
        if depth <= 0 and _ends_a_name(words, place, seen):
            break
        seen = seen or _names(word)
        at += len(word)
    end = at - len(words[-1]) if seen and words and at == stop and RULES["joined"].pattern.fullmatch(words[-1]) else at
    return (start + left, start + end) if seen else (start, start)


def _unclosed(part: str) -> int:
    """Where a bracket opens that no other closes: 公共厕所(其中城区公厕100座; the end where there is none."""
    opened = part.rfind("(")
    return opened if opened > part.rfind(")") else len(part)


def opening_name(text: str, start: int, end: int) -> Span:
    """The name that a sentence opens with: 「新材料产业」 of 「新材料产业加快集聚」; empty where it opens otherwise."""
    start, end = trimmed(text, start, end)
    at, seen = start, False
    mark = _STOP.search(text, start, end)
    for word in segmenter().cut(text[start : mark.start() if mark else end]):
        part = segmenter().part_of_speech(word)
        named = part[:1] in ("n", "j", "s") and not RULES["how"].pattern.fullmatch(word)
        if not named and (seen or part[:1] not in _DESCRIBES):
            break
        seen = seen or named
        at += len(word)
    return (start, at) if seen else (start, start)


def topic_of(text: str, start: int, end: int) -> tuple[Span, ...]:
    """What a clause without a figure is about: what something is done to (实施|以旧换新), else what it opens with."""
    start, end = trimmed(text, start, end)
    found = pieces(text, start, end)
    if len(found) == 2 and is_action(text[slice(*found[0])]) and found[1][1] - found[1][0] <= _LONGEST_TOPIC:
        return found[1:]
    opening = opening_name(text, start, end)
    return (opening,) if 2 < opening[1] - opening[0] <= _LONGEST_TOPIC else ()


def _ends_a_name(words: list[str], place: int, seen: bool) -> bool:
    word = words[place]
    if not seen and RULES["joined"].pattern.fullmatch(word):
        return not place or segmenter().part_of_speech(words[place - 1])[:1] not in _DESCRIBES  # 国有和集体企业
    if _PREDICATE.match(word) and (seen or place == 0):
        return True
    part = segmenter().part_of_speech(word)[:1]
    if part == "d" and not seen:
        return False  # 相对集中居住农户
    if part in _GOES_ON and word not in ("和", "与", "及", "的", "等"):
        return True
    if part == "v" and not _names(word):
        # 乡村|振兴|示范村, 集中|居住|农户: a verb that a name follows is part of it.
        return not any(map(_names, words[place + 1 : place + 2 + (not seen)]))
    return False


def _names(word: str) -> bool:
    """Whether a word may be the name of a thing: a noun, an abbreviation, or one that no dictionary has."""
    if not word or not re.match(r"\w", word):
        return False
    part = segmenter().part_of_speech(word)
    return part[:1] in ("n", "j", "l", "i", "s") or part in ("vn", "zg") or (not part and len(word) >= 2)


def items_of(text: str, start: int, end: int) -> list[Span]:
    """The members of a row: 「城镇、农村居民人均可支配收入」 has two."""
    cuts = [match.span() for match in RULES["joined"].pattern.finditer(text, start, end)]
    edges = [start, *(at for cut in cuts for at in cut), end]
    spans = [(edges[at], edges[at + 1]) for at in range(0, len(edges), 2)]
    return [span for span in spans if text[slice(*span)].strip()]


def shared_end(text: str, first: Span, last: Span) -> Span | None:
    """The end of a row's last member that belongs to the first too: 居民人均可支配收入 in 城镇、农村居民人均可支配收入.

    None where the first stands for itself (接待游客人数和旅游收入).
    """
    one, other = text[slice(*first)], text[slice(*last)]
    if re.search(rf"{RULES['metric'].source}$", one):
        return None
    metric = re.search(rf"{RULES['metric'].source}$", other)
    if metric and metric.start() and len(one) > 1:
        return last[0] + metric.start(), last[1]  # 服务业、规上工业增加值
    at = other.find(one[-2:], 1, len(one) + 2)
    if len(one) >= len(one[-2:]) + 2 and at >= 2 and len(other) > at + 2:
        return last[0] + at + 2, last[
            1
        ]  # 城镇居民、农村居民人均可支配收入: both have the thing before what is measured
    if len(one) <= _SHORT_MEMBER and len(other) > len(one) + 1:
        return last[0] + len(one), last[1]  # 一、二、三产增加值: members of one length
    return None
