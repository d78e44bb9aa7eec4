"""The items of a report: lists that it announces or marks, its headings, definitions, problems, and the words that open it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence

from assistant.facts.enumerations import Part, marked_parts, quoted_before, row_after, same_start
from assistant.facts.fact import Item
from assistant.language.folding import fold
from assistant.language.injection import addresses_a_model
from assistant.language.numerals import read_number
from assistant.language.ruleset import read_rules
from assistant.language.run_in import Part as RunIn
from assistant.language.run_in import parts as run_in_parts
from assistant.language.sentences import Span, semicolon_parts, sentences
from assistant.types import Paragraph, Report

RULES = read_rules("lists")
_MOST = 60
"""Items of a list; a number beyond it announces none."""
_AT_THE_END = 60
"""Characters before the end of a paragraph in which it may announce what the next ones tell."""
_SHORT = 100
"""Characters of a paragraph that does little else than announce."""
_MOST_PROBLEMS = 10
"""Paragraphs over which the problems that a report owns up to may go on."""
_OPENS = 6
"""Characters before the words of an item that opens a paragraph: its mark."""
_TELLS = 40
"""Characters of a sentence after the words that own up to problems from which it tells them itself."""
_LONGEST_NAME = 12
"""Characters of the first words of an item that name it: 实施“十百千”技改工程."""
_FEWEST_MARKED = 3
"""Items that a list without an announcement must have."""
_MARK = re.compile(
    r"\s*(?:[（(][一二三四五六七八九十\d]{1,3}[）)]|[一二三四五六七八九十]{1,3}[、是]|\d{1,2}[.．、]|[—―]{2,})\s*"
)
_COMMA = re.compile(r"[^。；;:,]{0,8},")
_COLON_SOON = re.compile(r"[^。；;：:]{0,12}[:：]")
_DEFINES = re.compile(r"[:：]|是指|，指|,指|即")
_OPENING = re.compile(r"代表大会|次会议|[省市区县州旗]长|主席|总理")
_NUMBERED = re.compile(r"^[(（\[]?\d{1,3}[)）\].．、]\s*")
GLOSSARY = "名词解释"
"""The heading of the explanations of terms, whatever the report calls them."""


def read_items(paragraphs: Sequence[Paragraph], report: Report) -> tuple[Item, ...]:
    """Return the items of a report in the order of its paragraphs, the items of each list together."""
    found: list[Item] = []
    found += _opening(paragraphs)
    found += _headings(paragraphs)
    for at, paragraph in enumerate(paragraphs):
        found += _definition(paragraph)
        found += _lists(paragraphs, at)
    return tuple(item for item in found if not addresses_a_model(item.heading))


def _opening(paragraphs: Sequence[Paragraph]) -> Iterator[Item]:
    first = paragraphs[0] if paragraphs else None
    if first is not None and len(first.text) <= 200 and _OPENING.search(first.text):
        yield Item(first.report_id, first.id, "opening", 0, len(first.text), "", 1, 1, list_id=f"{first.id}-o")


def _headings(paragraphs: Sequence[Paragraph]) -> Iterator[Item]:
    """Each heading where it begins, numbered among those beside it."""
    beside: dict[tuple[str, ...], dict[str, Paragraph]] = {}
    for paragraph in paragraphs:
        for depth in range(len(paragraph.headings)):
            beside.setdefault(paragraph.headings[:depth], {}).setdefault(paragraph.headings[depth], paragraph)
    for path, children in beside.items():
        for number, (heading, paragraph) in enumerate(children.items(), start=1):
            start = max(0, paragraph.text.find(heading))
            end = start + len(heading) if paragraph.text.startswith(heading, start) else start
            yield Item(
                paragraph.report_id,
                paragraph.id,
                "heading",
                start,
                end,
                heading,
                number,
                len(children),
                list_id=f"{next(iter(children.values())).id}-h{len(path)}",
            )


def _definition(paragraph: Paragraph) -> Iterator[Item]:
    if GLOSSARY not in paragraph.headings[:-1]:
        return
    term, text = _NUMBERED.sub("", paragraph.headings[-1]), paragraph.text
    said = _DEFINES.search(text, max(0, text.find(term)) + len(term))
    start = said.end() if said else 0
    if not said and _NUMBERED.sub("", text.strip()) == term:
        return  # the heading by itself, which explains nothing
    yield Item(
        paragraph.report_id, paragraph.id, "definition", start, len(text), term, 1, 1, list_id=f"{paragraph.id}-d"
    )


def _lists(paragraphs: Sequence[Paragraph], at: int) -> Iterator[Item]:
    """The lists that a paragraph announces or holds; each run of items is told once."""
    paragraph = paragraphs[at]
    text = fold(paragraph.text)
    taken: set[tuple[str, int]] = set()
    for found in RULES["announcement"].pattern.finditer(text):
        count = int(read_number(found["count"]) or 0)
        if not 2 <= count <= _MOST or RULES["counts a time or a thing"].pattern.match(text, found.end("count")):
            continue
        parts = _told_after(paragraphs, at, text, found, count)
        if parts and (parts[0].paragraph.id, parts[0].start) not in taken:
            taken |= {(part.paragraph.id, part.start) for part in parts}
            yield from _items(parts, paragraph, _announced(text, found), count, found.start())
    own = marked_parts([paragraph], 0)
    if (len(own) == 1 and own[0].start > _OPENS) or (not own and text.endswith(":")):
        own = _over_paragraphs(paragraphs[at : at + _MOST_PROBLEMS])
    if len(own) >= _FEWEST_MARKED and (own[0].paragraph.id, own[0].start) not in taken:
        taken |= {(part.paragraph.id, part.start) for part in own}
        begins = own[0].start if own[0].paragraph is paragraph else len(text) - 1
        yield from _items(own, paragraph, _lead(text, begins), None, begins)
    if not taken:
        yield from _problems(paragraphs, at, text)


def _over_paragraphs(paragraphs: Sequence[Paragraph]) -> list[Part]:
    """Items that open one paragraph each, in a row; the first may end the paragraph that leads in: …考虑：一是…。¶二是…。"""
    parts = marked_parts(paragraphs, 0)
    after_lead = bool(parts) and parts[0].paragraph is not paragraphs[0]
    opens = all(
        _MARK.match(part.paragraph.text) and part.start <= _OPENS for part in (parts if after_lead else parts[1:])
    )
    ids = [part.paragraph.id for part in parts]
    is_run = ids == [paragraph.id for paragraph in paragraphs[after_lead : after_lead + len(ids)]]
    return parts if opens and is_run else []


def _told_after(paragraphs: Sequence[Paragraph], at: int, text: str, found: re.Match[str], count: int) -> list[Part]:
    """The items that follow an announcement, if they are just as many: in its sentence, its paragraph, or the next ones."""
    paragraph = paragraphs[at]
    inside = [part for part in marked_parts([paragraph], found.end()) if part.start >= found.end()]
    if len(inside) >= count and inside[0].start - found.end() <= _AT_THE_END * 2:
        return inside[:count] if len(inside) == count else []
    if row := quoted_before(paragraph, text, found.start(), count):
        return row
    row = same_start(paragraph, text, found.end(), count) or row_after(paragraph, text, found.end(), count)
    row = row or _sentences_after(paragraph, text, found, count)
    if row:
        return row
    heads = any(found.group().strip("“”‘’") in heading for heading in paragraph.headings)
    if not _leads_on(text, found) or (len(text) - found.end() > _AT_THE_END and not heads):
        return []
    following = list(paragraphs[at + 1 :])
    for children in _children(following, paragraph):
        if len(children) == count:
            return [_first_sentence(child) for child in children]
    marked = marked_parts([paragraph, *following[: 2 * count]], found.end())
    return marked if len(marked) == count else []


def _sentences_after(paragraph: Paragraph, text: str, found: re.Match[str], count: int) -> list[Part]:
    """Whole sentences, or what semicolons divide of one, that follow an announcement and are just as many.

    They are those that open with what is counted (落实“六干”要求。忠诚干，…。务实干，…。; 实施四大工程。实施攀登工程，…。); after a colon all to the end of the paragraph
    (实施十大制造业项目：…项目。…项目。); after a name in quotation marks that stands in a run-in heading what stands under it
    (推动“六位”扩量提质。扩大…；增加…；…).
    """
    counted = [span for span in sentences(text) if span[0] >= found.end() and _opens_with(text, span, found)]
    if len(counted) == count >= _FEWEST_MARKED:
        return [Part(paragraph, *span) for span in counted]
    if colon := _COLON_SOON.match(text, found.end()):
        spans = [(max(start, colon.end()), end) for start, end in sentences(text) if end > colon.end()]
    elif text[max(0, found.start() - 1)] in "“‘" or text[found.start()] in "“‘":
        under = next((part for part in run_in_parts(text) if _heads(part, found.start())), None)
        spans = list(under.sentences) if under else []
        divided = semicolon_parts(text, *spans[0]) if spans else []
        spans = divided if len(divided) == count else spans
    else:
        return []
    return [Part(paragraph, *span) for span in spans] if len(spans) == count else []


def _opens_with(text: str, span: Span, found: re.Match[str]) -> bool:
    """Whether a sentence opens with what is counted: 忠诚干，… after “六干”, 敢为人先，… after “四敢”, 实施攀登工程，… after 四大工程."""
    thing = (found["thing"] or "")[:2]
    opening = re.split(r"[，,、:：。]", text[slice(*span)], maxsplit=1)[0]
    return bool(thing) and len(opening) <= _LONGEST_NAME and opening.removesuffix("方面").endswith(thing)


def _heads(part: RunIn, at: int) -> bool:
    return part.heading is not None and part.heading[0] <= at < part.heading[1]


def _leads_on(text: str, found: re.Match[str]) -> bool:
    """Whether a number announces what the next paragraphs tell, and does not merely count."""
    clause = _announced(text, found)[: -len(found.group())] if found.group() else ""
    names = RULES["announces"].pattern.search(found["thing"] or "")
    short = text[found.start()] in "“‘" and len(text) <= _SHORT
    return bool((names or short) and (RULES["leads"].pattern.search(clause) or len(text) <= _SHORT))


def _children(following: Sequence[Paragraph], lead: Paragraph) -> Iterator[list[Paragraph]]:
    """The first paragraphs of the headings that open right after a paragraph, all at the depth of the first.

    As far as they stand without a paragraph between that belongs to none; beyond such (各位代表！…) too; and of these the ones
    whose marks count on from the first: 政府自身建设 may follow the （九） that was announced without a mark of its own.
    """
    if not following:
        return
    path = following[0].headings
    depth = next((n for n, heading in enumerate(path) if n >= len(lead.headings) or heading != lead.headings[n]), None)
    if depth is None:
        return
    within = list(itertools.takewhile(lambda paragraph: paragraph.headings[:depth] == path[:depth], following))
    unbroken = itertools.takewhile(lambda paragraph: len(paragraph.headings) > depth, within)
    yield list(_by_heading(unbroken, depth).values())
    children = _by_heading(within, depth)
    yield list(children.values())
    marked = [(_mark_number(heading), paragraph) for heading, paragraph in children.items()]
    yield [
        paragraph for place, (number, paragraph) in enumerate(marked, start=1) if number is not None and number == place
    ]


def _by_heading(paragraphs: Iterable[Paragraph], depth: int) -> dict[str, Paragraph]:
    children: dict[str, Paragraph] = {}
    for paragraph in paragraphs:
        if len(paragraph.headings) > depth:
            children.setdefault(paragraph.headings[depth], paragraph)
    return children


def _mark_number(heading: str) -> int | None:
    mark = _MARK.match(heading)
    number = read_number(re.sub(r"\W|是", "", mark.group())) if mark else None
    return int(number) if number is not None else None


def _first_sentence(paragraph: Paragraph) -> Part:
    spans = sentences(paragraph.text)
    start, end = spans[0] if spans else (0, len(paragraph.text))
    mark = _MARK.match(paragraph.text)
    return Part(paragraph, mark.end() if mark else start, end)


def _problems(paragraphs: Sequence[Paragraph], at: int, text: str) -> Iterator[Item]:
    """What a paragraph owns up to, part by part: as its marks tell, which may go on in the next paragraphs, else by sentences."""
    paragraph = paragraphs[at]
    said = RULES["problems"].pattern.search(text)
    faced = RULES["faces problems"].pattern.search(text, 0, said.start() if said else len(text))
    if faced and not (said and RULES["goes on with problems"].pattern.match(text, said.end())):
        said = faced  # 看清问题，才能更好地前行。: what follows are the problems already
    if said is None or paragraph.role == "target":
        return
    marked = marked_parts(paragraphs[at : at + _MOST_PROBLEMS], said.end())
    if len(marked) >= _FEWEST_MARKED and marked[0].paragraph is paragraph:
        yield from _items(marked, paragraph, said.group(), None, said.start())
        return
    start = _first_problem(text, said.end())
    cuts = [start, *(match.end() for match in re.compile(r"[；;。]").finditer(text, start)), len(text)]
    spans = [(left, right) for left, right in itertools.pairwise(cuts) if len(text[left:right].strip()) >= 6]
    parts = [Part(paragraph, left, right) for left, right in spans if "我们" not in text[left:right]]
    if parts:
        yield from _items(parts, paragraph, said.group(), None, said.start())


def _first_problem(text: str, at: int) -> int:
    """Where the first problem begins after the words that own up to some: after a colon, 主要是, or in the next sentence."""
    lead = RULES["goes on with problems"].pattern
    if found := lead.match(text, at):
        return found.end()
    end = _next_sentence(text, at)
    if found := lead.match(text, end):
        end = found.end()
    # 还存在不少问题，有效需求不足，…: the sentence itself tells them; 存在一些困难，要认真解决。 tells none.
    return comma.end() if (comma := _COMMA.match(text, at)) and end - at > _TELLS else end


def _next_sentence(text: str, at: int) -> int:
    found = re.compile(r"[。！!]").search(text, at)
    return found.end() if found else len(text)


def _announced(text: str, found: re.Match[str]) -> str:
    """The clause of an announcement as the report has it: 今年重点做好以下七项工作."""
    start = max(text.rfind(mark, 0, found.start()) for mark in "。；;，,\n") + 1
    return text[start : found.end()].strip()


def _lead(text: str, at: int) -> str:
    start = max(text.rfind(mark, 0, max(0, at - 1)) for mark in "。；;\n") + 1
    return text[start:at].strip(" ：:，,")


def _items(parts: Sequence[Part], lead: Paragraph, heading: str, announced: int | None, at: int) -> Iterator[Item]:
    said_before = fold(lead.text)[: parts[0].start] if parts[0].paragraph is lead else heading
    owns_up = any(RULES[name].pattern.search(said_before) for name in ("problems", "faces problems"))
    kind = "problem" if owns_up and lead.role != "target" else "list"
    for number, part in enumerate(parts, start=1):
        yield Item(
            lead.report_id,
            part.paragraph.id,
            kind,  # type: ignore[arg-type]
            *_trimmed(part),
            heading,
            number,
            len(parts),
            announced,
            f"{lead.id}-l{at}",
        )


def _trimmed(part: Part) -> Span:
    start, end = part.start, part.end
    text = part.paragraph.text
    while start < end and (text[start] in " \t\n、，,：:" or (text[start] == "“" and "”" not in text[start:end])):
        start += 1
    while end > start and text[end - 1] in " \t\n、，,；;。":
        end -= 1
    return start, end
