"""What the red team works with: answered questions with their checkers, drafts put through them, and honest rewordings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant import Answer, Assistant
from assistant.answering.compose import compose
from assistant.answering.routing import read
from assistant.answering.verification import unsupported
from assistant.answering.writing.checking import Checker
from assistant.answering.writing.composition import Composition
from assistant.answering.writing.drafting import sentences_of
from assistant.answering.writing.sources import Material, Source, material
from assistant.language.folding import squeeze
from tests.answering.writing.red_team_drafts import BY_HAND

QUESTIONS = Path(__file__).resolve().parents[3] / "seeds" / "questions.jsonl"
SEED = 20250601
_MARKS = re.compile(r"〔[^〕]*〕")
_OWN = re.compile(
    r"比较：(?P<one>[^，]+?)(?:的目标|的增速)?比(?P<other>[^，]+?)(?P<way>[高低多少])(?P<gap>约?[\d.][^（]*)（"
)
_LED = re.compile(r"(?P<place>..区)(?P<time>(?:\d{4}年|过去五年|今后五年)?)(?P<what>.*)")


@dataclass(frozen=True)
class Case:
    """One answered question with what a writer has for it."""

    id: str
    checker: Checker
    extract: Answer

    @property
    def material(self) -> Material:
        return self.checker.material


@dataclass(frozen=True)
class Draft:
    """What a model might write for a case; `sentence` is the one looked at."""

    case: Case
    kind: str
    text: str


@cache
def cases(assistant: Assistant) -> list[Case]:
    """Each gold question that the reader answers; read once a run."""
    found = []
    reader = assistant._current_reader()
    understanding = reader.understanding
    for line in QUESTIONS.read_text("utf-8").splitlines():
        gold = json.loads(line)
        if gold["history"]:
            continue
        question = understanding.read(gold["question"])
        reading = read(reader, question)
        if reading.verdict != "answered":
            continue
        composed = compose(reading.lines, reader.shelf.facts_of)
        extract = Answer(gold["question"], "answered", composed.text, composed.citations, composed.figures)
        written = material(reading.lines, reader.shelf.facts_of)
        checker = Checker(written, question, reader.lexicon, understanding.gazetteer, understanding.segmenter)
        found.append(Case(gold["id"], checker, extract))
    return found


def composed(case: Case, draft: str) -> Composition:
    """A draft put through cutting, checking and composition, as the writer does."""
    composition = Composition(case.checker, case.extract)
    for sentence in sentences_of([draft]):
        list(composition.add(sentence))
    list(composition.finish(broken=False))
    return composition


def without_marks(text: str) -> str:
    return squeeze(_MARKS.sub("", text.replace("\n", "。")))


def stands_in(sentence: str, shown: str) -> bool:
    """Whether a sentence is part of a shown text, whole: 增长6% is no part of 增长6%左右."""
    words = re.escape(without_marks(sentence).rstrip("。；"))
    return bool(re.search(rf"(?<!\w){words}(?![\w%])", without_marks(shown)))


def bare(sentence: str) -> str:
    """A sentence without the place and time that it opens with."""
    led = re.match(
        r"(?:在?20\d\d年|过去五年|今后五年|五年来)?[,，]?(?:..区)?将?在?(?:20\d\d年|过去五年|今后五年)?[,，]?(?:计划|将)?",
        sentence,
    )
    return sentence[led.end() :] if led else sentence


def miscited(case: Case, draft: str) -> list[str]:
    """The words of an answer before a mark that hold a figure which none of the passages cited there holds."""
    paragraphs = {citation.number: citation.paragraph for citation in case.extract.citations}
    text = re.sub(r"（[^（）]*由引用数据计算）|比较：.*", "", composed(case, draft).text)
    wrong = []
    for words, marks in re.findall(r"([^〔〕]+)((?:〔[^〕]+〕)+)", text):
        cited = [paragraphs[int(number)] for number in re.findall(r"〔(\d+)〕", marks)]
        if unsupported(words, cited, case.material.computed):
            wrong.append(words)
    return wrong


def failing(draft: Draft) -> tuple[list[str], list[str]]:
    """The sentences of a draft that do not pass the check, and those that pass and are not shown all the same.

    The latter are where the whole extract stands in: it is as short, or the draft has left out too much of it.
    """
    composition = Composition(draft.case.checker, draft.case.extract)
    failed: list[str] = []
    passed: list[str] = []
    for sentence in sentences_of([draft.text]):
        checked = composition._best(sentence)
        (passed if checked.passes else failed).append(checked.text)
        list(composition.add(sentence))
    list(composition.finish(broken=False))
    return failed, [text for text in passed if not stands_in(text, composition.text)]


def honest(found: Sequence[Case]) -> Iterator[Draft]:
    """Drafts that say what the extract says: reworded by rules, and written by hand."""
    for case in found:
        sources = case.material.sources
        if case.id in BY_HAND:
            yield Draft(case, "by hand", BY_HAND[case.id])
        for kind, sentences in _ways(sources).items():
            if len(sentences) == len(sources):
                yield Draft(case, kind, "".join(sentences))
        for line in case.material.own:
            for kind, text in _compared(line.words):
                yield Draft(case, kind, f"{_plain_draft(sources)}{text}")
        if len(sources) == 2:
            yield from _joined(case)


def _plain_draft(sources: Sequence[Source]) -> str:
    return "".join(f"{source.lead}{source.words}[{source.number}]。" for source in sources)


def _ways(sources: Sequence[Source]) -> dict[str, list[str]]:
    """The same sentence of each source, by way of wording."""
    ways: dict[str, list[str]] = {}
    for source in sources:
        for kind, text in _worded(source):
            ways.setdefault(kind, []).append(text)
    return ways


def _worded(source: Source) -> Iterator[tuple[str, str]]:
    led = _LED.fullmatch(source.lead)
    if led is None or not led["time"] or led["what"] == "报告":
        return
    place, time, what = led["place"], led["time"], led["what"]
    words, mark = re.sub("[,;]", "，", source.words), f"[{source.number}]。"
    hedge = [("hedge in other words", other) for other in _hedged(words)]
    if what.endswith("预期目标"):
        indicator = what.removesuffix("预期目标")
        for kind, said in [("goal", words), *hedge]:
            yield kind, f"{place}{time}{what}为{said}{mark}"
            yield f"{kind}, time first", f"{time}，{place}{indicator}的预期目标是{said}{mark}"
            yield f"{kind}, planned", f"{place}计划{time}{indicator}{said}{mark}"
            yield f"{kind}, by another name", f"{place}{time}{_alias(indicator)}目标为{said}{mark}"
            yield f"{kind}, proposed", f"{place}提出{time}{indicator}{said}的目标{mark}"
    elif what in ("", "计划"):
        planned = bool(what)
        first, _, rest = words.partition("，")
        for kind, said in [("told", words), *hedge]:
            yield kind, f"{place}{time}{'计划' if planned else ''}{said}{mark}"
            yield f"{kind}, time first", f"{time}，{place}{'将' if planned else ''}{said}{mark}"
            yield f"{kind}, of the place", f"{place}在{time}{'计划' if planned else ''}{said}{mark}"
        if _may_join(words):
            yield "items joined", f"{place}{time}{what}{_joined_items(words)}{mark}"
        if rest and "；" not in words and len(first) > 4 and len(rest) > 8 and not re.match(r"占|比|同比", rest):
            yield "in two sentences", f"{place}{time}{what}{first}。同时，{rest}{mark}"
            yield "with 其中", f"{place}{time}{what}{first}，并{rest}{mark}"
    else:
        for kind, said in [("result", words), *hedge]:
            yield kind, f"{place}{time}{what}{said}{mark}"
            yield f"{kind}, time first", f"{time}，{place}的{what}{said}{mark}"
            yield f"{kind}, by another name", f"{place}{time}{_alias(what)}{said}{mark}"


def _alias(indicator: str) -> str:
    return {
        "地区生产总值": "GDP",
        "社会消费品零售总额": "社零总额",
        "规模以上工业增加值": "规上工业增加值",
        "固定资产投资": "固投",
        "进出口总额": "外贸进出口总额",
    }.get(indicator, indicator)


def _hedged(words: str) -> list[str]:
    changed = re.sub(r"(增长|控制在)?(\d[\d.]*(?:%|万?[亿户家个项]元?))左右", r"\1约\2", words)
    changed = re.sub(r"(\d[\d.]*(?:%|万?[亿户家个项]元?))以上", r"不低于\1", changed)
    changed = re.sub(r"控制在(\d[\d.]*%)以内", r"不超过\1", changed)
    changed = re.sub(r"(\d[\d.]*万?)余(次|处|艘次)", r"超过\1\2", changed)
    return [changed] if changed != words else []


def _may_join(words: str) -> bool:
    return bool(re.search(r"[^、，]、[^、，“”（()\d]+$", words)) and "和" not in words


def _joined_items(words: str) -> str:
    before, _, last = words.rpartition("、")
    return f"{before}和{last}"


def _compared(words: str) -> Iterator[tuple[str, str]]:
    found = _OWN.match(words)
    if found is None:
        return
    one, way, other, gap = found["one"], found["way"], found["other"], found["gap"]
    back = {"高": "低", "低": "高", "多": "少", "少": "多"}[way]
    about = re.sub(r"^约", "", gap)
    yield "comparison", f"{one}比{other}{way}{gap}。"
    yield "comparison, more than", f"{one}{way}于{other}，相差{gap}。"
    yield "comparison, other side first", f"{other}比{one}{back}{gap}。"
    yield "comparison, the gap", f"两者相差{gap}。"
    yield "comparison, therefore", f"可以看出，{one}{way}于{other}，差距为{gap}。"
    if about != gap:
        yield "comparison, 左右", f"{one}比{other}{way}{about}左右。"


def _joined(case: Case) -> Iterator[Draft]:
    """Two goals in one sentence: 南岗区2022年…为增长10%，而道里区2023年为增长7%."""
    one, other = case.material.sources
    led = [_LED.fullmatch(source.lead) for source in (one, other)]
    if led[0] is None or led[1] is None or led[0]["what"] != led[1]["what"] or not led[0]["what"].endswith("预期目标"):
        return
    first, second = (f"{found['place']}{found['time']}" for found in led if found)
    what, marks = led[0]["what"], f"[{one.number}][{other.number}]。"
    yield Draft(case, "joined by 而", f"{first}{what}为{one.words}，而{second}为{other.words}{marks}")
    yield Draft(case, "joined by ；", f"{first}{what}为{one.words}；{second}{what}为{other.words}{marks}")
    yield Draft(case, "分别", f"{first}和{second}的{what}分别为{one.words}和{other.words}{marks}")
    yield Draft(case, "相比", f"{first}{what}为{one.words}，相比之下，{second}为{other.words}{marks}")
