"""How answers, passages and the catalogue look on a terminal: coloured and wrapped for a person, plain lines for a pipe."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from assistant.answering.recognised import caution_of
from assistant.facts.told import Told
from assistant.types import Answer, Citation, Evidence, Figure, Report, ReportRef
from assistant.web.display.marking import CITE_MARK, Span, figure_spans_in_answer, figure_spans_in_quote, quote_span
from assistant.web.display.where import pages_said
from assistant.web.export.record import label_of
from assistant.web.page.fact_words import said_of, written

if TYPE_CHECKING:
    from assistant.answering.assistant import Assistant
    from assistant.corpus.ingest import IngestOutcome
    from assistant.settings import Settings

FIGURE = "bold green"
MARK = "cyan"
QUIET = "dim"


def open_console(*, stderr: bool = False) -> Console:
    """Return a console that takes all text literally; into a pipe it writes long lines whole and without colour."""
    console = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    console.soft_wrap = not console.is_terminal
    return console


def show_answer(answer: Answer, console: Console) -> None:
    """Print the answer, then its numbered citations with report, heading path and quoted words, then what else to ask."""
    console.print(_marked(answer.answer, figure_spans_in_answer(answer.answer, answer.figures), marks=True))
    if answer.citations:
        console.print()
        console.print(Text("依据", style="bold"))
    for citation in answer.citations:
        _show_citation(citation, answer.figures, console)
    if answer.suggestions:
        console.print()
        console.print(Text("可以这样问", style="bold"))
        for suggestion in answer.suggestions:
            _print_indented(Text("· " + clean(suggestion)), console, 2)
    console.print()
    if answer.notice:
        console.print(Text(clean(answer.notice), style=QUIET))
    console.print(Text(clean(label_of(answer)), style=QUIET))
    notes = (f"理解为：{answer.understood}" if answer.understood else "", f"{answer.seconds:.2f} 秒", answer.model)
    console.print(Text(clean(" · ".join(filter(None, notes))), style=QUIET))


def show_evidence(evidence: Sequence[Evidence], console: Console) -> None:
    """Print the passages that a search found, best first, with their scores and where they stand."""
    if not evidence:
        console.print("没有找到相关的段落。")
    for found in evidence:
        scores = [f"{found.score:.3f}"]
        if found.dense is not None:
            scores.append(f"语义 {found.dense:.3f}")
        if found.lexical is not None:
            scores.append(f"词面 {found.lexical:.2f}")
        head = Text(f"{found.rank:>2}. ", style=MARK)
        head.append(clean(_report_name(ReportRef.of(found.report))), style="bold")
        head.append("  " + " · ".join(scores), style=QUIET)
        console.print(head)
        pages = pages_said(found.paragraph.pages_of(found.passage.start, found.passage.end))
        _print_headings(filter(None, (pages, *found.paragraph.headings)), console)
        _print_indented(Text(clean(found.passage.text)), console, 4)


def show_reports(reports: Sequence[Report], console: Console) -> None:
    """Print the catalogue: a table on a terminal, one tab-separated line a report into a pipe."""
    rows = [
        [
            clean(cell)
            for cell in (report.region, str(report.report_year), report.title, report.delivered or "", report.id)
        ]
        for report in sorted(reports, key=lambda report: (report.region, report.report_year))
    ]
    if not console.is_terminal:
        for row in rows:
            console.file.write("\t".join(" ".join(cell.split()) for cell in row) + "\n")  # rich would expand the tabs
        return
    table = Table(box=None, pad_edge=False, header_style=QUIET)
    for heading in ("地区", "年份", "标题", "作报告日期", "编号"):
        table.add_column(heading, overflow="fold", no_wrap=heading != "标题")
    for row in rows:
        table.add_row(*map(Text, row))
    console.print(table)
    console.print(Text(f"共 {len(rows)} 份报告", style=QUIET))


def show_facts(facts: Sequence[Told], console: Console) -> None:
    """Print each figure with what it is of, and below it the sentence that it stands in; into a pipe one line a figure."""
    sentence: object = None
    for told in facts:
        fact, text = told.fact, told.paragraph.text
        figure, of = clean(written(fact, told.paragraph)), clean(said_of(fact))
        if not console.is_terminal:
            where = f"{told.report.region}{told.report.report_year}"
            row = (where, figure, of, text[slice(*fact.sentence)], fact.id)
            console.file.write("\t".join(clean(" ".join(cell.split())) for cell in row) + "\n")
            continue
        if sentence != (told.paragraph.id, fact.sentence):
            sentence = (told.paragraph.id, fact.sentence)
            console.print(Text(f"{clean(told.report.region)}{told.report.report_year}  ", style=QUIET), end="")
            console.print(Text(clean(text[slice(*fact.sentence)])))
        _print_indented(Text(figure, style=FIGURE).append(f"  {of}", style="default"), console, 4)
    if console.is_terminal:
        console.print(Text(f"共 {len(facts)} 个数据", style=QUIET))


def show_outcome(outcome: IngestOutcome, console: Console, errors: Console) -> None:
    """Print a line: what was added or held already to `console`; what failed and why, and what is missing, to `errors`."""
    if outcome.report is None or outcome.error is not None:
        reason = outcome.error
        show_error(f"{outcome.path}：{reason or '收录不了。'}", reason.hint if reason else "", errors)
        return
    state = {"added": "已收录", "waiting": "待确认"}.get(outcome.status, "库中已有")
    is_whole = outcome.report.region and outcome.report.report_year
    name = _report_name(ReportRef.of(outcome.report)) if is_whole else f"《{outcome.report.title}》"
    console.print(clean(f"{state}  {name}  {outcome.paragraphs} 个自然段  {outcome.path}"))
    console.file.flush()
    for note in (*outcome.doubts, *outcome.notes):
        errors.print(Text("注意：", style=MARK).append(clean(f"{outcome.path}：{note}"), style="default"))


def show_count(outcomes: Sequence[IngestOutcome], errors: Console) -> None:
    """Print how many files were taken in and how many not; where there was none at all, that."""
    if not outcomes:
        show_error("没有找到可以收录的文件。", "请给出报告文件，或者装有报告的文件夹。", errors)
    if len(outcomes) > 1:
        count = Counter(outcome.status for outcome in outcomes)
        told = f"共 {len(outcomes)} 个文件：收录 {count['added']} 个，库中已有 {count['already']} 个，没有收录 {count['failed']} 个"
        errors.print(f"{told}，待确认 {count['waiting']} 个。" if count["waiting"] else f"{told}。")
    if any(outcome.status == "waiting" for outcome in outcomes):
        errors.print("待确认的报告暂时不用来回答：zhengwen reports review 列出它们和依据。")


def show_error(message: str, hint: str, console: Console) -> None:
    """Print an error in one line, and below it what can be done about it."""
    console.print(Text("错误：", style="bold red").append(clean(message).replace("\n", " "), style="default"))
    if hint:
        console.print(Text("提示：", style=MARK).append(clean(hint), style="default"))


def clean(text: str) -> str:
    """Return the text without control and format characters, which could rewrite the screen or turn its direction."""
    return "".join(
        character for character in text if character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cf")
    )


class StageProgress:
    """Shows the stages of a long piece of work on standard error; shows nothing while nothing is reported.

    On a terminal each stage has a bar, elsewhere one line when it begins.
    """

    def __init__(self) -> None:
        self._console = open_console(stderr=True)
        self._bars: Progress | None = None
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._bars:
            self._bars.stop()

    @contextmanager
    def stepped_aside(self) -> Iterator[None]:
        """Take the bars away for the time of the block, in which a line is printed."""
        if self._bars:
            self._bars.stop()
        try:
            yield
        finally:
            if self._bars:
                self._bars.start()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Say that `done` of `total` steps of `stage` are over."""
        if not self._console.is_terminal:
            if stage not in self._tasks:
                self._tasks[stage] = TaskID(len(self._tasks))
                self._console.print(f"{clean(stage)} …")
            return
        if self._bars is None:
            self._bars = _new_bars(self._console)
            self._bars.start()
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(clean(stage), total=total)
        self._bars.update(self._tasks[stage], completed=done, total=total)


@contextmanager
def opened(settings: Settings | None = None) -> Iterator[Assistant]:
    """Open the assistant with its progress on standard error; a new home is filled with the seeds on the way."""
    from assistant.assembly import build
    from assistant.settings import load_settings

    with StageProgress() as progress:
        assistant = build(settings or load_settings(), progress)
    try:
        yield assistant
    finally:
        assistant.close()


def _new_bars(console: Console) -> Progress:
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True)


def _show_citation(citation: Citation, figures: Iterable[Figure], console: Console) -> None:
    head = Text(f"〔{citation.number}〕", style=MARK)
    head.append(clean(_report_name(citation.report)), style="bold")
    console.print(head)
    _print_headings(filter(None, (pages_said(citation.pages), *citation.headings)), console)
    offset = (quote_span(citation) or (0, 0))[0]
    spans = [(start - offset, end - offset) for start, end in figure_spans_in_quote(citation, figures)]
    _print_indented(_marked(citation.quote, spans), console, 4)
    if caution := caution_of(citation):
        _print_indented(Text(clean(caution), style="yellow"), console, 4)


def _report_name(report: ReportRef) -> str:
    """Say the title of a report, with its place and year in front where the title does not name them."""
    unsaid = [part for part in (report.region, f"{report.report_year}年") if part not in report.title]
    return " ".join([*unsaid, f"《{report.title}》"])


def _print_headings(headings: Iterable[str], console: Console) -> None:
    if path := " › ".join(headings):
        _print_indented(Text(clean(path), style=QUIET), console, 4)


def _print_indented(text: Text, console: Console, columns: int) -> None:
    if console.is_terminal:
        console.print(Padding(text, (0, 0, 0, columns), expand=False))
        return
    for line in text.split("\n", allow_blank=True):
        console.print(Text(" " * columns).append_text(line))


def _marked(text: str, figures: Iterable[Span], *, marks: bool = False) -> Text:
    """Style the figures, and the citation marks where there are any, before unsafe characters are taken out."""
    styled = [(start, end, FIGURE) for start, end in figures]
    if marks:
        styled += [(*found.span(), MARK) for found in CITE_MARK.finditer(text)]
    shown, at = Text(), 0
    for start, end, style in sorted(styled):
        shown.append(clean(text[at:start])).append(clean(text[start:end]), style=style)
        at = end
    return shown.append(clean(text[at:]))
