"""What the API takes and gives. Replies are the project's own types, so their JSON is what `--json` prints."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from assistant.answering.recognised import caution_of
from assistant.types import Answer, Citation, Evidence, Paragraph, Report, ReportRef, Turn
from assistant.web.display.answer import display
from assistant.web.display.blocks import Display
from assistant.web.display.where import pages_said
from assistant.web.export.official import official_citation
from assistant.web.export.record import label_of
from assistant.web.page.fact_words import StatedFact

LONGEST_HISTORY = 20
"""Questions before the one that is asked."""
Words = Annotated[str, StringConstraints(min_length=1, max_length=500)]


class AskRequest(BaseModel):
    """A question, and the questions before it in the same conversation."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [
                {"question": "松北区2025年GDP目标是多少"},
                {"question": "那2023年呢", "history": ["松北区2025年GDP目标是多少"]},
            ]
        },
    )

    question: Words = Field(description="问题，最多 500 个字")
    history: list[Words] = Field(default_factory=list, max_length=LONGEST_HISTORY, description="先前的问题，从早到晚")

    @property
    def turns(self) -> tuple[Turn, ...]:
        return tuple(map(Turn, self.history))


@dataclass(frozen=True, slots=True)
class LabelledAnswer(Answer):
    """An answer with the label that goes with it wherever it is shown."""

    label: str = ""
    """Whether a model wrote it or it is an extract of the report; to be shown beside the answer."""

    @classmethod
    def of(cls, answer: Answer) -> LabelledAnswer:
        return cls(**_parts(answer), label=label_of(answer))


@dataclass(frozen=True, slots=True)
class ShownAnswer(LabelledAnswer):
    """The same with how the page and the bubble show it."""

    display: Display = field(default_factory=Display)
    """The answer as blocks that are ready to be shown: the figure that was asked for, paragraphs, lists, comparisons, what was checked,
    the passages, and the text to copy. Its words are those of the other fields."""

    @classmethod
    def of(cls, answer: Answer) -> ShownAnswer:
        return cls(**_parts(answer), label=label_of(answer), display=display(answer))


def _parts(answer: Answer) -> dict[str, Any]:
    return {one.name: getattr(answer, one.name) for one in fields(Answer)}


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage that a search found, best first."""

    rank: int
    score: float
    dense: float | None
    lexical: float | None
    passage_id: str
    paragraph_id: str
    headings: tuple[str, ...]
    text: str
    report: ReportRef
    pages: tuple[int, ...] = ()
    """Pages of the file on which it stands; none where the file has no pages, or they are not known."""

    @classmethod
    def of(cls, found: Evidence) -> FoundPassage:
        return cls(
            found.rank,
            found.score,
            found.dense,
            found.lexical,
            found.passage.id,
            found.paragraph.id,
            found.paragraph.headings,
            found.passage.text,
            ReportRef.of(found.report),
            found.paragraph.pages_of(found.passage.start, found.passage.end),
        )


@dataclass(frozen=True, slots=True)
class SearchReply:
    """What a search found."""

    results: tuple[FoundPassage, ...]


@dataclass(frozen=True, slots=True)
class ReportsReply:
    """The catalogue, by region and year."""

    reports: tuple[Report, ...]


@dataclass(frozen=True, slots=True)
class ReportReply:
    """A report, paragraph by paragraph."""

    report: Report
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class FactsReply:
    """What a report states, figure by figure, in the order of its text."""

    report: ReportRef
    facts: tuple[StatedFact, ...]


@dataclass(frozen=True, slots=True)
class SessionReply:
    """A ticket in exchange for a token or a key; good as a bearer token too."""

    session: str
    page: str
    """Where the page stands for this user, to be put into a frame."""
    expires_in: int
    """Seconds."""
    user: str
    portal: str


class ErrorTold(BaseModel):
    """What is told of an error."""

    code: str
    message: str
    hint: str
    request_id: str


class ErrorReply(BaseModel):
    """The shape of every error."""

    error: ErrorTold


def as_text(answer: Answer) -> str:
    """An answer as plain text, with its citations as footnotes and its label."""
    return "\n\n".join(part for part in (answer.answer, footnotes(answer)) if part)


def footnotes(answer: Answer) -> str:
    """What stands below an answer's text: the notice, the citations in official style, the label."""
    cited = [f"〔{one.number}〕{official_citation(one)}{_placed(one)}" for one in answer.citations]
    suggested = [f"· {suggestion}" for suggestion in answer.suggestions]
    blocks = [
        answer.notice,
        "\n".join(("依据：", *cited)) if cited else "",
        "\n".join(("可以这样问：", *suggested)) if suggested else "",
        f"（{label_of(answer)}）",
    ]
    return "\n\n".join(block for block in blocks if block)


def _placed(citation: Citation) -> str:
    told = "；".join(filter(None, (pages_said(citation.pages), caution_of(citation))))
    return f"（{told}）" if told else ""


def structured(answer: Answer) -> dict[str, Any]:
    """What a chat client that knows us reads beside the text."""
    whole = asdict(LabelledAnswer.of(answer))
    return {name: whole[name] for name in ("verdict", "citations", "figures", "understood", "suggestions", "label")}
