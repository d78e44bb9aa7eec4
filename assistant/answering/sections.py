"""The sections of a report that are about a matter: those that a heading names, and those most of whose sentences speak of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.answering.about import RULES
from assistant.answering.features import Candidate
from assistant.corpus.headings import marked
from assistant.language.folding import fold
from assistant.language.injection import plain_sentences
from assistant.language.lexicon import Lexicon
from assistant.language.run_in import is_run_in, parts
from assistant.language.sentences import Span
from assistant.retrieval.question import Question, Term
from assistant.retrieval.relevance import SYNONYM, Weights, bare_text, match
from assistant.retrieval.shelf import Shelf
from assistant.types import Paragraph, Report

NAMED, ALIKE = 0.45, 0.9
"""Share of the question's content that a heading must hold to name the matter asked about, and share of what the best one holds."""
MOSTLY = 0.5
"""Share of the sentences of a section that speak of a matter from which the others are about it as well."""
MANY = 3
"""Matters, or indicators, from which a sentence that goes through them is about none."""
BETWEEN = 2
"""Steps from one sentence about a matter to the next over which both stand in one run."""
HARDLY = 0.2
"""Share of the sentences under a heading that speak of a matter below which it only seems to name it: 善治安民 of 治安."""
Point = tuple[Report, Paragraph, Span]


@dataclass(frozen=True)
class Matter:
    """What a question is about, as it is looked for in the sections of reports."""

    question: Question
    judged: Sequence[Candidate]
    """The sentences found, likeliest first."""
    shelf: Shelf
    weights: Weights
    lexicon: Lexicon

    def under_its_name(self) -> list[Point]:
        """All sentences of the sections whose own heading names the matter (构建综合交通网络 of 交通), likeliest section first.

        A section is what stands under a run-in heading, or under the innermost heading of its paragraphs. Empty where no likely
        sentence stands in one.
        """
        named: dict[tuple[str, ...], tuple[float, list[Point]]] = {}
        for candidate in self.judged:
            paragraph, report = candidate.paragraph, candidate.report
            for heading, spans in self._sections(paragraph):
                if candidate.sentence not in (*spans, heading) or heading is None:
                    continue
                under = bare_text(" ".join(paragraph.text[slice(*span)] for span in spans if span != heading))
                if not any(match(term, under) > 0 for term in self.question.terms if term.is_name):
                    continue  # 市专门学校建成开学。 is short, and heads nothing
                said = paragraph.text[slice(*heading)]
                about = [s for s in spans if not self._others(said) or self.says(paragraph.text[slice(*s)])]
                points = [(report, paragraph, span) for span in about]
                named.setdefault((paragraph.id, str(heading[0])), (self._share_of(said), points))
            if paragraph.headings:
                share = self._share_of(paragraph.headings[-1])
                named.setdefault(paragraph.headings, (share, self._all_under(report, paragraph)))
        best = max((share for share, _ in named.values()), default=0.0)
        chosen = [points for share, points in named.values() if share >= max(NAMED, ALIKE * best)]
        found = list(dict.fromkeys(point for points in chosen for point in points))
        return found if len(found) > 1 else []

    def around(self, candidate: Candidate) -> list[Point]:
        """A sentence with those beside it that speak of the matter; with all of its section that are of no other where most do."""
        text, report = candidate.paragraph.text, candidate.report
        for heading, spans in self._sections(candidate.paragraph):
            if candidate.sentence not in spans:
                continue
            about = [span for span in spans if span == candidate.sentence or self.says(text[slice(*span)])]
            # One sentence of two is no majority of a section.
            whole = heading is not None and len(about) > 1 and len(about) >= MOSTLY * len(spans)
            told = [
                span
                for span in (spans if whole else _run(spans, about, candidate.sentence))
                if span in about or not self._others(text[slice(*span)])
            ]
            return [(report, candidate.paragraph, span) for span in told if not self.heads(candidate.paragraph, span)]
        return [(report, candidate.paragraph, candidate.sentence)]

    def says(self, text: str) -> bool:
        """Whether a sentence speaks of the matter under any of its names, or tells what is told of it."""
        bare = bare_text(_bare_of_other_matters(text, self.question))
        return any(match(term, bare) >= SYNONYM for term in self._must)

    def is_one_of_many(self, candidate: Candidate) -> bool:
        """Whether a sentence only names the matter in a row of others, or goes through the indicators of a report."""
        facts = self.shelf.facts_of(candidate.paragraph.id)
        told = {fact.indicator for fact in facts if fact.indicator and fact.sentence == candidate.sentence}
        others = self._others(candidate.text)
        return len(told) >= MANY or len(others) >= MANY

    def only_sounds_so(self, text: str) -> bool:
        """Whether all that a sentence has of the question is part of a name of something else: 党纪学习教育 of 教育."""
        things = [term for term in self.question.terms if term.is_name]
        held, bare = (
            self.weights.coverage(things, words) for words in (text, _bare_of_other_matters(text, self.question))
        )
        return held > 0 and bare == 0

    def heads(self, paragraph: Paragraph, span: Span) -> bool:
        """Whether a sentence only heads what follows: a run-in heading, or one that says again what the heading above says.

        One that tells of the matter without its name is a point, however short: 巩固“双减”成效。 of 教育.
        """
        text = bare_text(paragraph.text[slice(*span)])
        heading, said = bare_text(bare(paragraph.headings[-1])) if paragraph.headings else "", text.rstrip("。.!！:：")
        if said and heading and (said in heading or said.endswith(heading)):
            return True
        forms = {
            bare_text(form): form in self.lexicon.matters for t in self._must if t.is_matter for form in t.variants
        }
        named = [is_name for form, is_name in forms.items() if form in text]
        return is_run_in(paragraph.text[slice(*span)]) and (not named or any(named))

    @cached_property
    def _things(self) -> list[Term]:
        """The words that a heading may name the matter by. What nothing found speaks of (人数也一并给我) names no part of a report."""
        told = bare_text(" ".join(" ".join((*c.paragraph.headings, c.paragraph.text)) for c in self.judged))
        held = [term for term in self.question.terms if match(term, told) >= SYNONYM]
        names = [term for term in held if term.is_name] or held
        matters = [term for term in held if term.is_matter]
        # 就业怎么样，我弟刚毕业 is about 就业; of 跨国招商活动有哪些 the matter alone is too much.
        return matters if matters and self.question.shape != "list" else names

    @cached_property
    def _must(self) -> set[Term]:
        """The words of which a heading must say one: a matter, what stands beside 哪些, or the rarest word.

        民生福祉 is no half of 民生实事, and 群众 in it does not make up for that. 建设 and 干 stand in the headings of everything.
        """
        beside = [term for term in self._things if term.word in self.question.focus]
        rarest = sorted(self._things, key=lambda term: self.weights.of_term[term.word])[-1:]
        return {*(term for term in self._things if term.is_matter), *(beside or rarest)}

    def _share_of(self, heading: str) -> float:
        """How far a heading names what is asked: the share of it that the heading says in full."""
        bare = bare_text(_bare_of_other_matters(heading, self.question))
        said = [term for term in self._things if match(term, bare) >= SYNONYM]
        of_all = sum(self.weights.of_term[term.word] for term in self._things) or 1.0
        return sum(self.weights.of_term[term.word] for term in said) / of_all if self._must.intersection(said) else 0.0

    def _others(self, text: str) -> set[str]:
        """The names of other matters in a text: 推进教育科技人才工作 is of more than 科技."""
        asked = {form for term in self._things for form in term.variants}
        bare = bare_text(_without(text, asked))
        return {name for name in self.lexicon.matters if name in bare}

    def _sections(self, paragraph: Paragraph) -> list[tuple[Span | None, tuple[Span, ...]]]:
        """The sentences of a paragraph by the run-in headings above them.

        A short sentence that speaks of the matter as well does not end its section: 坚持教育优先发展。…。巩固“双减”成效。
        """
        found: list[tuple[Span | None, tuple[Span, ...]]] = []
        text = paragraph.text
        for part in parts(text):
            before, spans = found[-1] if found else (None, ())
            if before and part.heading and all(self.says(text[slice(*span)]) for span in (before, part.heading)):
                found[-1] = before, tuple(dict.fromkeys((*spans, part.heading, *part.sentences)))
            else:
                tells = (part.heading,) if part.heading and not self.heads(paragraph, part.heading) else ()
                found.append((part.heading, tuple(dict.fromkeys((*tells, *part.sentences)))))
        return found

    def _all_under(self, report: Report, paragraph: Paragraph) -> list[Point]:
        """The sentences of all paragraphs under the headings of one, without those that only head what follows.

        Where the heading names other matters as well, those of the sections that are about this one, or else that speak of it.
        """
        within = [
            other
            for other in self.shelf.paragraphs(report.id)
            if other.headings == paragraph.headings and other.role == paragraph.role
        ]
        spans = [(report, o, span) for o in within for span in plain_sentences(o.text) if not self.heads(o, span)]
        about = [(report, o, span) for report, o, span in spans if self.says(o.text[slice(*span)])]
        only_of_it = not self._others(paragraph.headings[-1])
        if only_of_it and not (self._is_known and len(about) < HARDLY * len(spans)):
            return spans
        own = [
            (report, other, span)
            for other in within
            for heading, spans in self._sections(other)
            if heading is not None and self._share_of(other.text[slice(*heading)]) >= NAMED
            for span in spans
        ]
        return own or about

    @property
    def _is_known(self) -> bool:
        """Whether it is known what is told of the matter under other names, so that a section without any of it is not about it."""
        return all(term.is_matter for term in self._must)


def _run(spans: Sequence[Span], about: Sequence[Span], start: Span) -> Sequence[Span]:
    """The sentences around one for as long as they are about the matter, or stand between two that are."""
    places = [place for place, span in enumerate(spans) if span in about]
    at = places.index(spans.index(start))
    first = last = at
    while first > 0 and places[first] - places[first - 1] <= BETWEEN:
        first -= 1
    while last + 1 < len(places) and places[last + 1] - places[last] <= BETWEEN:
        last += 1
    return spans[places[first] : places[last] + 1]


def bare(heading: str) -> str:
    """A heading without its number."""
    found = marked(heading)
    return heading[found[1] :] if found else heading


def _bare_of_other_matters(words: str, question: Question) -> str:
    """Words without the names of other things that only sound like what is asked: 营商环境 where 环境 is, not where it is asked itself."""
    asked = " ".join((fold(question.text), *(form for term in question.terms for form in term.variants)))
    return RULES["sounds like a matter"].pattern.sub(lambda m: m.group() if m.group() in asked else "", words)


def _without(text: str, words: set[str]) -> str:
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, " ")
    return text
