"""Frozen values that flow from step to step. They know nothing of storage, of models or of a framework."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["target", "actual"]
"""Whether a statement is a goal (目标、计划、力争) or a result (完成、实现、预计完成)."""

Verdict = Literal["answered", "not_covered", "needs_clarification"]


@dataclass(frozen=True, slots=True)
class Period:
    """The time a statement speaks of, which is not the year of the report that it stands in."""

    label: str
    """As a reader would say it: 2025年, 今后五年, 过去五年, 2021年1—11月."""
    first: int | None = None
    """First calendar year covered, where it is known."""
    last: int | None = None
    """Last calendar year covered, where it is known."""
    partial: bool = False
    """True where only some months of the year are meant (1—11月, 上半年)."""


@dataclass(frozen=True, slots=True)
class Report:
    """One report of the catalogue."""

    id: str
    """First 16 hex digits of the SHA-256 of the source file's bytes."""
    title: str
    region: str
    """The place it reports on, with its suffix: 松北区."""
    report_year: int
    """The year it plans for and is named after. Not the year of each figure in it."""
    kind: str = "政府工作报告"
    parent: str | None = None
    """The next larger place: 哈尔滨市."""
    aliases: tuple[str, ...] = ()
    """Other names of the place in this report: 哈尔滨新区, 新区."""
    delivered: str | None = None
    """ISO date on which it was given, where it is known."""
    issuer: str | None = None
    source: str | None = None
    """File name or address it came from."""
    occasion: str | None = None
    """The session at which it was given: 松北区第五届人民代表大会第四次会议."""
    speaker: str | None = None
    """Who gave it, with the office: 区长 丁磊."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A natural paragraph of a report: the unit that is cited and shown."""

    id: str
    """`{report id}-{rules version}-{ordinal}`."""
    report_id: str
    ordinal: int
    """Place in the report, from 0."""
    headings: tuple[str, ...]
    """Heading path from the outside in: 二、2025年工作安排 › (一)聚焦项目为王 ›  一是加大招商引资力度."""
    text: str
    """Cleaned text; characters of the source with page furniture and layout white space gone, nothing reworded."""
    period: Period | None = None
    """The time that its sentences speak of unless they say otherwise, from headings and what was said before."""
    role: Role | None = None
    """Whether it stands in a review (actual) or in a plan (target)."""
    pages: tuple[tuple[int, int], ...] = ()
    """Where in the text each page of the file begins: (offset, page counted from 1); none where the file has no pages."""
    doubtful: tuple[tuple[int, int], ...] = ()
    """Spans of the figures in the text that were recognised in a picture and may be others."""

    def pages_of(self, start: int, end: int) -> tuple[int, ...]:
        """Return the pages on which `text[start:end]` stands."""
        begun = [page for at, page in self.pages if at <= start][-1:]
        return (*begun, *(page for at, page in self.pages if start < at < end))

    def doubtful_in(self, start: int, end: int) -> tuple[str, ...]:
        """Return the doubtful figures of `text[start:end]`, each as it is written."""
        inside = (self.text[first:last] for first, last in self.doubtful if first < end and last > start)
        return tuple(dict.fromkeys(inside))


@dataclass(frozen=True, slots=True)
class Passage:
    """A window of whole sentences of one paragraph: the unit that is retrieved."""

    id: str
    """`{paragraph id}-{ordinal within the paragraph}`."""
    paragraph_id: str
    report_id: str
    start: int
    end: int
    """`paragraph.text[start:end]` is the window."""
    text: str
    indexed: str
    """What retrieval reads: report title and heading path in front of the window."""


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the same conversation."""

    question: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage that retrieval found, best first."""

    rank: int
    """From 1."""
    score: float
    """Fused score; only the order within one question means anything."""
    passage: Passage
    paragraph: Paragraph
    report: Report
    dense: float | None = None
    """Cosine similarity, where the dense search saw it."""
    lexical: float | None = None
    """BM25, higher is better, where the lexical search saw it."""


@dataclass(frozen=True, slots=True)
class ReportRef:
    """What a citation says of its report."""

    id: str
    title: str
    region: str
    report_year: int

    @classmethod
    def of(cls, report: Report) -> ReportRef:
        return cls(report.id, report.title, report.region, report.report_year)


@dataclass(frozen=True, slots=True)
class Citation:
    """A paragraph that the answer stands on, and the exact words in it."""

    number: int
    """The n of 〔n〕 in the answer."""
    report: ReportRef
    headings: tuple[str, ...]
    paragraph: str
    """The whole paragraph."""
    quote: str
    """The sentence or sentences relied on; a verbatim part of `paragraph`."""
    paragraph_id: str
    pages: tuple[int, ...] = ()
    """Pages of the file on which the quote stands; none where the file has no pages, or they are not known."""
    doubtful: tuple[str, ...] = ()
    """Figures of the quote that were recognised in a picture and have to be compared with it."""

    @classmethod
    def of(cls, number: int, report: Report, paragraph: Paragraph, span: tuple[int, int]) -> Citation:
        """Return the citation of the words of a paragraph that stand there."""
        quote = paragraph.text[slice(*span)].strip()
        start = paragraph.text.index(quote, span[0]) if quote else span[0]
        inside = start, start + len(quote)
        return cls(
            number,
            ReportRef.of(report),
            paragraph.headings,
            paragraph.text,
            quote,
            paragraph.id,
            paragraph.pages_of(*inside),
            paragraph.doubtful_in(*inside),
        )


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the answer, found in a cited paragraph or computed from such numbers."""

    text: str
    """As the answer prints it: 5.5%, 约620亿元."""
    value: float
    """In the base of its unit: 620亿元 is 6.2e10 元; 5.5% is 5.5; 5.5个百分点 is 5.5."""
    unit: str
    """Normalised: %, 个百分点, 元, 个, 户, 万平方米 becomes 平方米, and so on."""
    hedge: str | None
    """左右, 以上, 以内, 预计, 力争 …; several joined by a space."""
    indicator: str | None
    """地区生产总值 and the like, where one is recognised."""
    role: Role | None
    period: str | None
    citation: int | None
    """Number of the citation that holds it; None for a computed figure."""
    status: Literal["verified", "computed"]
    doubtful: bool = False
    """True where it was recognised in a picture and has to be compared with it, or was computed beside such a figure."""


@dataclass(frozen=True, slots=True)
class Retrieved:
    """One line of what was searched, for whoever wants to look behind the answer."""

    rank: int
    score: float
    paragraph_id: str
    text: str
    report: ReportRef


@dataclass(frozen=True, slots=True)
class Writing:
    """What a language model had to do with an answer. The draft itself is not kept: it may hold what no report says."""

    model: str
    """`openai:deepseek-chat`, `gguf:qwen2.5-7b-instruct`."""
    prompts: str
    """First 12 hex digits of the SHA-256 over the prompts that it was given."""
    kept: int = 0
    """Sentences of the draft that are in the answer."""
    replaced: int = 0
    """Sentences of the draft that failed the check, and in whose place the passage's own words stand."""
    unsupported: int = 0
    """Figures of the draft that no passage holds as the draft has them. None of them is in the answer."""
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cost: float | None = None
    """Yuan that those tokens cost, where a price is set and the service counts them."""
    first_seconds: float | None = None
    """From the question to the first sentence that was shown."""
    reader_seconds: float = 0.0
    """From the question to the reader's extract, which is ready before the model is asked."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the assistant says. Its field names are a promise: the JSON of the command line and the API is made of them."""

    question: str
    verdict: Verdict
    answer: str
    """The text, with citation marks 〔1〕 that refer to `citations`."""
    citations: tuple[Citation, ...] = ()
    figures: tuple[Figure, ...] = ()
    retrieved: tuple[Retrieved, ...] = ()
    seconds: float = 0.0
    model: str = "reader"
    """Who wrote the text: `reader` where no LLM had a part in it."""
    settings: str = ""
    """Fingerprint of the settings that were in force."""
    understood: str = ""
    """How the question was taken: 松北区 · 2025年 · 地区生产总值 · 目标."""
    suggestions: tuple[str, ...] = ()
    """Questions the library can answer, offered when this one could not be."""
    standalone: str = ""
    """A follow-up as the whole question that it was taken for; empty where the question stood by itself."""
    alternatives: tuple[str, ...] = ()
    """Other whole questions that a follow-up may have meant, to be asked with one click."""
    notice: str = ""
    """One quiet line where a language model is set and had no part in the text, or not to the end; else empty."""
    writing: Writing | None = None
    """What a language model had to do with it; None where none was asked."""
    decided_by: str = ""
    """The part that answered or refused, for whoever looks into an answer: statement, figure, catalogue: place, …"""


@dataclass(frozen=True, slots=True)
class Preview:
    """Comes first out of the stream where a language model will be asked: the reader's own answer, complete and verified.

    Its citations are numbered as those of the answer that follows, so that the passages can be shown meanwhile.
    """

    answer: Answer
    passages: int = 0
    """How many passages a model is reading; 0 where it only words the answer."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Another value of an aspect, and the whole question that asks so."""

    label: str
    """What is to be chosen: 2023年, 道里区2023年, 固定资产投资."""
    question: str
    """松北区2023年GDP目标是多少. The library answers it."""


@dataclass(frozen=True, slots=True)
class Aspect:
    """One part of how a question was understood, with what could stand in its place."""

    kind: Literal["place", "time", "subject", "role"]
    value: str
    """As `Answer.understood` says it: 松北区, 2025年, 地区生产总值, 目标."""
    choices: tuple[Choice, ...] = ()
    """The nearest first; none where the library holds nothing else."""
