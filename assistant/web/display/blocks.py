"""The parts of a shown answer: frozen values without a word of HTML, which whoever shows it turns into elements one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text of one look."""

    text: str
    look: Literal["plain", "figure", "computed", "citation", "verbatim", "mark"] = "plain"
    """`figure` was found in its passage, `computed` was reckoned from such; `citation` is the mark 〔1〕 of a passage, `verbatim` says that
    the sentence before is the report's own, `mark` is a figure within a passage."""
    citation: int | None = None
    """Of a mark: the passage that it leads to."""
    note: str = ""
    """What can be said of it on the side: how a figure is known to be true."""


Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Headline:
    """The one figure that is the answer, shown large in the place of the line that it says whole."""

    before: str
    """What belongs in front of it: 增长, 预计."""
    value: str
    after: str
    """What belongs behind it: 左右."""
    citation: int
    note: str
    """How it is known to be true."""
    of: tuple[str, ...]
    """Whose it is, of when, of what."""
    role: str
    """预期目标 or 完成情况; empty where the figure is neither."""
    kind: Literal["headline"] = "headline"


@dataclass(frozen=True, slots=True)
class Prose:
    """One paragraph."""

    pieces: Pieces
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class Listing:
    """What is enumerated, numbered from 1."""

    items: tuple[Pieces, ...]
    kind: Literal["list"] = "list"


@dataclass(frozen=True, slots=True)
class Side:
    """One row of a comparison."""

    lead: tuple[str, ...]
    """Whose it is and of when, a cell each; one cell where the two cannot be told apart."""
    told: Pieces
    """What the report says, with its mark."""
    value: float | None
    """The one figure of the row, in the base of its unit; None where there are more or none."""
    unit: str
    share: float | None
    """How long its bar is, the longest being 1; None where the rows cannot be measured by each other."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides or more as a table."""

    caption: str
    """What all sides are of, where the leads can be taken apart."""
    columns: tuple[str, ...]
    sides: tuple[Side, ...]
    kind: Literal["comparison"] = "comparison"


@dataclass(frozen=True, slots=True)
class Grid:
    """Goals beside what came of them, a row each."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Pieces, ...], ...]
    """As many cells as there are columns; the first heads its row."""
    kind: Literal["grid"] = "grid"


Block = Headline | Prose | Listing | Comparison | Grid


@dataclass(frozen=True, slots=True)
class Check:
    """How one figure is known to be true."""

    figure: str
    known: str
    arithmetic: str = ""
    """What a computed figure was reckoned from: 6.5%减6%."""


@dataclass(frozen=True, slots=True)
class Checks:
    """That the figures were found in their passages: in a few words, and, where there are several, a line each."""

    said: str = ""
    lines: tuple[Check, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A cited paragraph with what is relied on in it."""

    number: int
    report_id: str
    paragraph_id: str
    title: str
    where: str
    """The page of the file and the headings that it stands under, or the place where there are none."""
    before: str
    quote: Pieces
    """The words relied on, the figures in them as `mark`; empty where they are not part of the paragraph, which is then `before`."""
    after: str
    copied: str
    """The citation as official writing has it."""
    page: int | None = None
    """The first page of the file on which the quote stands; null where the file has none, or they are not known."""
    caution: str = ""
    """Which figures of the quote were recognised in a picture and have to be compared with it; else empty."""


@dataclass(frozen=True, slots=True)
class Near:
    """A passage that is near and no answer."""

    report_id: str
    paragraph_id: str
    title: str
    text: str
    """Its beginning."""


@dataclass(frozen=True, slots=True)
class Display:
    """An answer as it is shown, from top to bottom."""

    verdict: str = ""
    """What stands over a refusal or a question back: 资料未收录, 没有查到, 请补充说明; empty over an answer."""
    blocks: tuple[Block, ...] = ()
    label: str = ""
    """Who wrote it; to be shown beside it."""
    checks: Checks = Checks()
    lead: str = ""
    """What stands over `suggestions`."""
    near: tuple[Near, ...] = ()
    """What stands nearest in the reports where nothing in them answers."""
    passages: tuple[Passage, ...] = ()
    """Those of one report together."""
    copied: str = ""
    """The answer with its citations as official writing has them, a line each."""
