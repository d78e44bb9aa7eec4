"""What a model that reads is shown: the passages found, in whole sentences under their place, time and heading, and the facts that match."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answering.compose import as_words
from assistant.answering.extract import opening
from assistant.answering.finding import Finding
from assistant.answering.indicators import as_finding
from assistant.answering.reader import Reader
from assistant.answering.reading import Reading, lead_of
from assistant.answering.writing.sources import Material, Source, material, source_of, under
from assistant.facts.told import Told
from assistant.language.injection import addresses_a_model, plain_sentences
from assistant.language.sentences import Span
from assistant.retrieval.question import Question
from assistant.types import Citation, Evidence, Paragraph, Report

MOST_PARAGRAPHS = 12
ROOM = 1_300
"""Characters of passages, those that the reader cites aside: about 900 tokens; eight to ten passages."""
LONGEST_SENTENCE = 220
"""Characters of a sentence that is shown; a longer one is a list without end marks, of which the first part tells what it is."""
MOST_FACTS = 6
_ROLES = {"target": "目标", "actual": "完成", None: ""}


@dataclass(frozen=True)
class Shown:
    """The passages that a model reads, each of their sentences as a source, and the prompt's text of them."""

    material: Material
    passages: str
    facts: str
    reports: str

    def citations(self, numbers: Sequence[int], quoted: Sequence[Source]) -> tuple[Citation, ...]:
        """Return the cited paragraphs by number, each with the run of sentences that `quoted` stand on."""
        return tuple(_citation(number, [s for s in quoted if s.number == number]) for number in sorted(set(numbers)))

    def shorter(self) -> Shown:
        """The first half of the passages, which are the likelier ones; what a sentence is held against stays the same."""
        lines = self.passages.splitlines()
        return replace(self, passages="\n".join(lines[: max(1, len(lines) // 2)]))

    def of(self, numbers: Sequence[int]) -> str:
        """The passages with these numbers alone, as the prompt has them."""
        wanted = tuple(f"[{number}] " for number in numbers)
        return "\n".join(line for line in self.passages.splitlines() if line.startswith(wanted))


def shown(reading: Reading, question: Question, reader: Reader) -> Shown:
    """Gather what a model is to read: what the reader cites, with its numbers, then the passages found, best first."""
    cited = material(reading.lines, reader.shelf.facts_of)
    spans: dict[str, tuple[Report, Paragraph, list[Span]]] = {}
    for source in cited.sources:
        _, _, known = spans.setdefault(source.paragraph.id, (source.report, source.paragraph, []))
        known += [span for span in plain_sentences(source.paragraph.text) if _overlap(span, source.finding.quote)]
    room = ROOM
    for item in reading.evidence or reader.found(question):
        room -= _added(item, spans, room)
    sources: list[Source] = []
    for number, (report, paragraph, kept) in enumerate(spans.values(), start=1):
        facts = reader.shelf.facts_of(paragraph.id)
        for span in sorted(set(kept)):
            finding = Finding(report, paragraph, span, span)
            sources.append(source_of(number, lead_of(finding), finding, facts))
    own = tuple(line for line in reading.lines if line.computed)
    reports = "、".join(dict.fromkeys(f"《{r.title}》（{r.report_year}年）" for r, _, _ in spans.values()))
    numbers = {paragraph_id: at for at, paragraph_id in enumerate(spans, start=1)}
    told = [*reading.told, *reading.options]
    return Shown(
        Material(tuple(sources), own),
        "\n".join(_lines(sources)),
        "\n".join([*_table(told, numbers), *(f"程序算得：{line.words}" for line in own)]),
        reports,
    )


def _added(item: Evidence, spans: dict[str, tuple[Report, Paragraph, list[Span]]], room: int) -> int:
    """Add the sentences of a passage that are not there yet, where there is room for them; return the characters taken."""
    known = spans.get(item.paragraph.id)
    if known is None and len(spans) >= MOST_PARAGRAPHS:
        return 0
    inside = [s for s in plain_sentences(item.paragraph.text) if _overlap(s, (item.passage.start, item.passage.end))]
    new = [span for span in inside if known is None or span not in known[2]]
    taken = sum(min(end - start, LONGEST_SENTENCE) for start, end in new)
    if not new or taken > room:
        return 0
    if known is None:
        known = spans.setdefault(item.paragraph.id, (item.report, item.paragraph, []))
    known[2].extend(new)
    return taken


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _lines(sources: Sequence[Source]) -> Iterator[str]:
    """The passages, a line each: [1] 松北区2025年计划（“一是全力扩大有效投资”）：…"""
    for number in dict.fromkeys(source.number for source in sources):
        of_one = [source for source in sources if source.number == number]
        lead = of_one[0].lead
        words = "。".join(map(_cut, of_one))
        yield f"[{number}] {'' if addresses_a_model(lead) else lead}{under(of_one[0].paragraph)}：{words}。"


def _cut(source: Source) -> str:
    """The words of a source, of a long one the clauses that fit."""
    span = source.finding.shown
    if span[1] - span[0] <= LONGEST_SENTENCE:
        return source.words
    return as_words(source.paragraph.text[slice(*opening(source.paragraph, span, LONGEST_SENTENCE))]) + "……"


def _table(told: Sequence[Told], numbers: dict[str, int]) -> list[str]:
    """The statements that fit the question, a row each, of the passages shown."""
    rows = []
    for item in told:
        fact, number = item.fact, numbers.get(item.fact.paragraph_id)
        if number is None or fact.value is None:
            continue
        when = fact.period.label if fact.period else ""
        cells = (item.report.region, when, fact.indicator or fact.subject or "", _ROLES[fact.role])
        row = f"{'｜'.join(cell for cell in cells if cell)}｜{as_finding(item).text} [{number}]"
        if row not in rows:
            rows.append(row)
    return ["数据：", *rows[:MOST_FACTS]] if rows else []


def _citation(number: int, sources: Sequence[Source]) -> Citation:
    paragraph, report = sources[0].paragraph, sources[0].report
    spans = sorted(source.finding.quote for source in sources)
    return Citation.of(number, report, paragraph, (spans[0][0], max(end for _, end in spans)))
