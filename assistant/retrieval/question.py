"""Understanding a question: places, periods, role, indicators, shape, the units asked for, and the words that carry it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from assistant.language.folding import fold
from assistant.language.lexicon import Lexicon
from assistant.language.periods import PeriodMention, year_period
from assistant.language.regions import Gazetteer, Place, ancestors, county_name, short_name
from assistant.language.ruleset import read_rules
from assistant.language.words import Segmenter, carries_content, trimmed, words_of
from assistant.query.heads import NOTHING_ASKED, Asked, Wording
from assistant.query.words import LEAST, share_of
from assistant.retrieval import asking
from assistant.retrieval.asking import Measure, Shape
from assistant.retrieval.framing import without_frame, without_story
from assistant.types import Period, Role


@dataclass(frozen=True, slots=True)
class Term:
    """A content word of the question and the words of the genre that mean the same."""

    word: str
    variants: tuple[str, ...]
    is_name: bool = False
    """True for a noun or a number: a question about a thing is not answered by a sentence without it."""
    is_indicator: bool = False
    is_matter: bool = False
    """True for a word that names a matter: 教育, 看病."""
    is_place: bool = False
    """True for a place that is part of what is asked: 托管给哈尔滨新区."""


@dataclass(frozen=True)
class Question:
    """What a question asks, as far as its words tell."""

    text: str
    places: tuple[Place, ...] = ()
    periods: tuple[Period, ...] = ()
    report_years: tuple[int, ...] = ()
    """Years of reports named as such: 「2022年那份报告」."""
    role: Role | None = None
    indicators: tuple[tuple[str, ...], ...] = ()
    """One entry for each indicator named; several names where the word may mean either."""
    shape: Shape = "fact"
    units: tuple[tuple[str, ...], ...] = ()
    """For each number asked, the units it may come in; an empty tuple where any will do."""
    measure: Measure | None = None
    compares: bool = False
    superlative: bool = False
    terms: tuple[Term, ...] = ()
    focus: frozenset[str] = frozenset()
    """The terms beside the question word: what the answer is a number, a list or a name of."""
    topic: str = ""
    """The question without place and period."""
    subject_regions: tuple[str, ...] = field(default=())
    """Regions that are asked about; other places named are part of what is asked."""
    asked: Asked = NOTHING_ASKED
    """What the wording asks for, as the heads have it."""


HALF = 0.5
_IS_WHOLE = read_rules("asking")["whole of a share"].pattern
_ONLY_HOW_MUCH = read_rules("asking")["only says how much"].pattern
_BASE = read_rules("asking")["sets a place as the base"].pattern
_DONE_TO = read_rules("asking")["does to a matter"].pattern
Newest = Callable[[Collection[str]], int | None]
Names = Callable[[Collection[str]], Collection[str]]


class Understanding:
    """Reads questions against a catalogue and a lexicon. `today` anchors 今年 and 去年.

    `occurs` tells whether two characters stand side by side anywhere in the reports, `newest` the year of the newest report
    of some regions (of all, where none is given), `names` what the reports of some regions call by a name of their own.
    """

    def __init__(
        self,
        gazetteer: Gazetteer,
        lexicon: Lexicon,
        wording: Wording,
        today: date | None = None,
        occurs: Callable[[str], bool] = lambda pair: False,
        newest: Newest = lambda regions: None,
        names: Names = lambda regions: (),
    ) -> None:
        self._newest = newest
        self._gazetteer = gazetteer
        self._lexicon = lexicon
        self._wording = wording
        self._today = today
        self._occurs = occurs
        self._names = names
        self._segmenter = Segmenter(words_of(lexicon))

    def over(self, gazetteer: Gazetteer, newest: Newest, names: Names) -> Understanding:
        """The same reading of questions against another catalogue."""
        return Understanding(gazetteer, self._lexicon, self._wording, self._today, self._occurs, newest, names)

    @property
    def gazetteer(self) -> Gazetteer:
        return self._gazetteer

    @property
    def lexicon(self) -> Lexicon:
        return self._lexicon

    @property
    def segmenter(self) -> Segmenter:
        return self._segmenter

    def this_year(self, places: Sequence[Place] = ()) -> int:
        """The year that 今年 means where these places are asked about: that of their newest report, if there is one.

        Whoever holds reports up to 2025 and asks for 今年 wants the newest there is; the answer says which year it took.
        """
        today = (self._today or date.today()).year
        return min(today, self._newest([place.name for place in places if place.known]) or today)

    def read(self, text: str) -> Question:
        """Read one whole question (follow-ups are made whole before)."""
        text = without_story(without_frame(text), self._where_it_begins, self._lexicon)
        folded = fold(text)
        places = tuple(self._gazetteer.find(folded))
        mentions = asking.periods_asked(folded, self.this_year(places))
        named = [m for m in self._lexicon.asked_in(folded) if not _IS_WHOLE.search(folded[: m.start])]
        indicators = tuple(dict.fromkeys(mention.names for mention in named))
        asked = self._wording.read(text, self._gazetteer)
        compares = asked.probability("intent", "comparison") >= HALF
        subjects = _subjects(places, compares, folded)
        shape = asking.shape_asked(folded, asked)
        masked, topic = _mask(folded, places, mentions)
        terms = self._terms(masked, folded, places, subjects)
        named_alone = [term.word for term in terms if not _ONLY_HOW_MUCH.fullmatch(term.word)]
        if (
            shape == "number"
            and not indicators
            and len(named_alone) == 1
            and (name := self._lexicon.brief.get(named_alone[0]))
        ):
            indicators = ((name,),)
            terms = (Term(named_alone[0], self._lexicon.indicators[name].written, is_indicator=True),)
        if shape != "number" and not indicators and _of_a_matter(asked):
            terms = tuple(self._with_its_matter(term) for term in terms)
        return Question(
            text=text,
            places=places,
            periods=tuple(dict.fromkeys(_in_its_year(m.period) for m in mentions)),
            report_years=asking.report_years_named(folded),
            role=asked.role,
            indicators=indicators,
            shape=shape,
            units=asking.units_asked(asking.without_idle_measures(folded), shape, _measure(asked)),
            measure=_measure(asked) if len(asking.numbers_asked(asking.without_idle_measures(folded))) < 2 else None,
            compares=compares,
            superlative=asking.is_superlative(folded),
            terms=terms,
            focus=_focus(folded, terms),
            topic=topic,
            subject_regions=subjects,
            asked=asked,
        )

    def _where_it_begins(self, folded: str) -> int | None:
        """Where a question first names a place or a time; None where it names neither."""
        named = [place.start for place in self._gazetteer.find(folded)]
        named += [mention.start for mention in asking.periods_asked(folded, self.this_year())]
        return min(named, default=None)

    def _with_its_matter(self, term: Term) -> Term:
        """A term that names a matter with what reports tell of it under other names: of 交通 what they say of 高铁."""
        told = self._lexicon.matters.get(term.word, ())
        return replace(term, variants=tuple(dict.fromkeys((*term.variants, *told)))) if told else term

    def _joined(self, words: Sequence[str]) -> list[str]:
        """The words with single characters joined to the word beside them where the reports write them so: 侵蚀|沟, 孵|企业."""
        joined: list[str] = []
        for word in words:
            alone = len(word) == 1 and word not in self._lexicon.synonyms and carries_content(word)
            before = joined[-1] if joined else ""
            held = len(before) == 1 and before not in self._lexicon.synonyms and carries_content(before)
            content = len(before) > 1 and carries_content(before)
            if (alone and content and self._occurs(before[-1] + word)) or (
                held and len(word) > 1 and carries_content(word) and self._occurs(before + word[0])
            ):
                joined[-1] = before + word
            else:
                joined.append(word)
        return joined

    def _terms(
        self, masked: str, folded: str, places: tuple[Place, ...], subjects: tuple[str, ...]
    ) -> tuple[Term, ...]:
        terms: dict[str, Term] = {}
        for name in sorted(self._names(subjects), key=len, reverse=True):
            # Of “漳州通” the place is part, and stands masked.
            at = folded.find(name)
            if at >= 0 and any(masked[at : at + len(name)].strip()):
                terms[name] = Term(name, (name,), is_name=True)
                masked = masked[:at] + "\n" * len(name) + masked[at + len(name) :]
        for mention in self._lexicon.asked_in(masked):
            written = [form for name in mention.names for form in self._lexicon.indicators[name].written]
            word = masked[mention.start : mention.end]
            terms[word] = Term(word, tuple(dict.fromkeys((word, *written))), is_indicator=True)
            masked = masked[: mention.start] + "\n" * (mention.end - mention.start) + masked[mention.end :]
        for word in (words := self._joined(self._segmenter.cut(masked))):
            word = trimmed(word)
            if _DONE_TO.match(word) and word[1:] in self._lexicon.matters:
                word = word[1:]  # 促消费, 稳外贸
            known = word in self._lexicon.synonyms or word in self._lexicon.matters
            says_nothing = not carries_content(word) or self._segmenter.only_joins(word) or share_of(word) < LEAST
            if not known and (len(word) == 1 or says_nothing):
                continue
            is_matter = word in self._lexicon.matters
            is_name = is_matter or self._segmenter.is_name(word)
            variants = self._lexicon.synonyms.get(word, (word,))
            terms.setdefault(word, Term(word, variants, is_name=is_name, is_matter=is_matter))
        if not any(term.is_name or term.is_indicator for term in terms.values()):
            # 挖了多少煤: one character may be all that is named.
            short = (word for word in words if self._segmenter.is_short_noun(word) and f"多少{word}" in folded)
            terms |= {word: Term(word, (word,), is_name=True) for word in short}
        above = {name for subject in subjects for name in ancestors(subject)}  # 占哈尔滨全市 of 松北区 is 占全市
        for place in places:
            if place.name not in subjects and place.name not in above:
                names = (place.name, county_name(place.name), short_name(place.name))
                variants = tuple(dict.fromkeys((*names, *self._gazetteer.names_of(place.name))))
                terms[place.name] = Term(place.name, variants, is_place=True)
        return tuple(terms.values())


def _of_a_matter(asked: Asked) -> bool:
    """Whether what is told of a matter is asked for, in words or as a list."""
    return asked.probability("intent", "topic") + asked.probability("intent", "list") >= HALF


def _measure(asked: Asked) -> Measure | None:
    return None if asked.measure == "rank" else asked.measure


def _in_its_year(period: Period) -> Period:
    """「到2024年底」 in a question asks for that year."""
    return year_period(period.last) if period.label.startswith("到") and period.last else period


def _subjects(places: tuple[Place, ...], compares: bool, folded: str) -> tuple[str, ...]:
    """Regions asked about: the first, and the others where sides are compared or joined."""
    names: list[str] = []
    for place in places:
        if not names:
            names.append(place.name)
            continue
        if place.name in names:
            continue
        before = folded[max(0, place.start - 4) : place.start]
        joined = compares or bool(
            re.fullmatch(r"区?[\d年至今后五过去来]{0,8}[和与跟及、,，:：]", _between(places, place, folded))
        )
        joined = joined or bool(re.search(r"(?:多少|几)[^,，]*[,，]", _between(places, place, folded)))
        base = bool(re.search(r"占|居|托管给|[把给在]$", before)) or (not place.known and bool(_BASE.search(before)))
        if joined and not base:
            names.append(place.name)
    return tuple(names)


_ASKING = read_rules("asking")["question word"].pattern


def _focus(folded: str, terms: tuple[Term, ...]) -> frozenset[str]:
    """Terms that follow a question word in its clause; where none does, the last one before it."""
    focus: set[str] = set()
    for word_asking in _ASKING.finditer(folded):
        clause_end = re.search(r"[,，。?？、;；]|$", folded[word_asking.end() :]).start() + word_asking.end()  # type: ignore[union-attr]
        places = {term.word: folded.find(term.word) for term in terms}
        after = {
            word for word, at in places.items() if word_asking.start() <= at < min(clause_end, word_asking.end() + 14)
        }
        before = [word for word, at in places.items() if 0 <= at < word_asking.start() and len(word) > 1]
        focus |= after or _last_named(folded, before, places)
        if after and word_asking.group() in ("多少", "几"):
            # 服务过多少单位: the deed is as much beside the number as the thing.
            focus |= {word for word in before if _ends_at(folded, places[word] + len(word), word_asking.start())}
    return frozenset(focus)


def _ends_at(folded: str, end: int, start: int) -> bool:
    """Whether a word ends right before a question word, but for 了, 过 and the like."""
    return bool(re.fullmatch(r"[了过到有出着]{0,2}", folded[end:start]))


def _last_named(folded: str, words: list[str], places: dict[str, int]) -> set[str]:
    """The last two of the words, with those joined to them: 产值和税收做到多少."""
    ordered = sorted(words, key=lambda word: places[word])
    named = ordered[-2:]
    for word in reversed(ordered[:-2]):
        if not re.fullmatch(r"[和与及、]", folded[places[word] + len(word) : places[named[-1]]]):
            break
        named.append(word)
    return set(named)


def _between(places: tuple[Place, ...], place: Place, folded: str) -> str:
    """The words between a place and the one named before it."""
    return folded[max(other.end for other in places if other.end <= place.start) : place.start]


def _mask(folded: str, places: tuple[Place, ...], mentions: list[PeriodMention]) -> tuple[str, str]:
    """The question without places and periods: cut apart for segmentation, and joined for the dense search."""
    characters = list(asking.without_growth_bases(folded))
    for start, end in [(p.start, p.end) for p in places] + [(m.start, m.end) for m in mentions]:
        characters[start:end] = ["\n"] * (end - start)
    masked = "".join(characters)
    topic = re.sub(r"\s+", "", masked)
    return asking.without_asking(masked), topic
