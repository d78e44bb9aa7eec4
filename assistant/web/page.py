"""The chat page: what stands where, and what a click does.

Answers and passages are blocks of our own HTML shown by `gr.Markdown`, not a `gr.Chatbot` (which parses each message as Markdown of its own
accord) and not `gr.HTML` (whose template needs `unsafe-eval`, which the Content-Security-Policy refuses).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol
from uuid import uuid4

from assistant.errors import QuestionError, ZhengwenError
from assistant.types import Answer, Report, Turn
from assistant.web import render
from assistant.web.rating import KeepsFeedback, Rating
from assistant.web.run import Run, Stopped
from assistant.web.thread import Exchange, Thread, extended, next_number, turns

if TYPE_CHECKING:
    import gradio as gr

log = logging.getLogger(__name__)

TITLE = "政问 · 政府工作报告问答"
_EXAMPLES = (
    "{region}{year}年GDP目标是多少？",
    "{region}{year}年社会消费品零售总额目标是多少？",
    "{region}{year}年固定资产投资目标是多少？",
    "{region}{year}年计划改造多少个老旧小区？",
)
_CHIPS = 6
_BOX = 2000
"""Characters the box takes: more than any question may have, so that a long one is refused in words, yet less than the gate lets in."""
_ASK_FIRST = "请先在上面写下问题，例如“松北区2025年GDP目标是多少”，再点“提问”。"
_FAILED = "抱歉，这个问题没能答出来。请再试一次；如果还是不行，请换一种问法，或告诉管理员。"
_STOPPED = "已按您的要求停止。"
_NO_CATALOGUE = "暂时读不到已收录的报告，请刷新页面再试；如果还是不行，请告诉管理员。"


class AnswersQuestions(Protocol):
    """What the page needs of an assistant."""

    def stream(self, question: str, history: Sequence[Turn]) -> Iterator[str | Answer]: ...

    def reports(self) -> tuple[Report, ...]: ...


class ChatPage:
    """The page around one assistant; the conversation of each browser tab lives in its session state."""

    def __init__(
        self, assistant: AnswersQuestions, book: KeepsFeedback | None = None, *, evaluation: bool = False
    ) -> None:
        """`book` takes what readers say of answers; `evaluation` shows the way to the evaluation page."""
        self._assistant = assistant
        self._rating = Rating(book)
        self._evaluation = evaluation
        self._runs: dict[str, Run[str | Answer]] = {}

    def blocks(self) -> gr.Blocks:
        """Lay the page out and connect it."""
        import gradio as gr

        with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True) as page:
            _html(gr, render.head_html())
            self._thread = gr.State(())
            self._running = gr.State("")
            with gr.Row(elem_classes="zw-ask", equal_height=True):
                self._box = gr.Textbox(
                    show_label=False,
                    label="问题",
                    placeholder="请在这里写下您的问题",
                    lines=1,
                    max_lines=1,
                    max_length=_BOX,
                    container=False,
                    autofocus=True,
                    scale=1,
                    elem_id="question",
                )
                self._send = gr.Button("提问", variant="primary", scale=0, elem_id="send")
                self._stop = gr.Button("停止", variant="stop", scale=0, visible=False, elem_id="stop")
            self._note = _html(gr, elem_id="note")
            with gr.Row(elem_classes="zw-chips", elem_id="examples") as self._examples_row:
                self._examples = [gr.Button(visible=False, size="sm") for _ in _EXAMPLES]
            with gr.Row(elem_classes="zw-main"):
                with gr.Column(scale=1, min_width=0):
                    self._current = _html(gr, render.welcome_html(), elem_id="answer")
                    self._rating.lay_out(gr, self._thread)
                    with gr.Row(elem_classes="zw-chips", elem_id="suggestions"):
                        self._chips = [gr.Button(visible=False, size="sm") for _ in range(_CHIPS)]
                with gr.Column(scale=1, min_width=0):
                    self._passages = _html(gr, elem_id="passages")
                    self._covered = _html(gr, elem_id="covered")
            self._earlier = _html(gr, elem_id="earlier")
            if self._evaluation:
                _html(gr, render.foot_html())
            self._connect(gr, page)
        return page

    def _connect(self, gr: Any, page: gr.Blocks) -> None:
        quiet = {"show_progress": "hidden", "api_visibility": "private"}
        outputs = [
            *(self._thread, self._running, self._box, self._send, self._stop, self._note, self._examples_row),
            *(self._current, *self._chips, self._passages, self._covered, self._earlier),
            *self._rating.outputs,
        ]
        for trigger, source in (
            (self._box.submit, self._box),
            (self._send.click, self._box),
            *((button.click, button) for button in (*self._examples, *self._chips)),
        ):
            asked = trigger(self._ask, [source, self._thread], outputs, **quiet)
            # Only now: until an event is over, Gradio drops a second click on the same button.
            asked.then(self._ready, None, [self._send, self._stop], **quiet)
        self._stop.click(self._stopped, self._running, None, **quiet)
        page.load(self._opened, None, [self._note, self._covered, *self._examples], **quiet)

    def _opened(self) -> dict[Any, Any]:
        import gradio as gr

        try:
            reports = self._assistant.reports()
        except Exception:
            log.exception("The catalogue could not be read.")
            return {self._note: render.note_html(_NO_CATALOGUE)}
        questions = example_questions(reports)
        buttons = {
            button: gr.update(value=question, visible=True)
            for button, question in zip(self._examples, questions, strict=False)
        }
        return {self._covered: render.reports_html(reports, opened=True), **buttons}

    def _ask(self, typed: str | None, thread: Thread) -> Iterator[dict[Any, Any]]:
        """Answer one question on the page; whatever goes wrong becomes a sentence and leaves the box usable."""
        import gradio as gr

        question = _storable(typed or "").strip()
        if not question:
            yield {self._note: render.note_html(_ASK_FIRST)}
            return
        name, run = uuid4().hex, Run(lambda: self._assistant.stream(question, turns(thread)))
        self._runs[name] = run
        try:
            yield {
                **self._shown(None, thread, question=question),
                **{self._running: name, self._box: "", self._send: gr.update(visible=False)},
                self._stop: gr.update(visible=True),
            }
            yield from self._worked_on(run, question, thread)
        finally:
            del self._runs[name]

    def _worked_on(self, run: Run[str | Answer], question: str, thread: Thread) -> Iterator[dict[Any, Any]]:
        failed = Exchange(next_number(thread), question, notice=_FAILED, tone="error")
        so_far = ""
        try:
            for part in run:
                if isinstance(part, Answer):
                    answered = replace(failed, answer=part)
                    yield {self._thread: extended(thread, answered), **self._shown(answered, thread)}
                    return
                so_far += part
                yield {self._current: render.pending_html(question, so_far)}
            log.error("The assistant ended without an answer.")
        except QuestionError as error:
            # The question goes back into its box, where it can be mended.
            before = self._shown(thread[-1] if thread else None, thread[:-1])
            yield {**before, self._box: question, self._note: render.note_html(_sentence(error))}
            return
        except Stopped:
            failed = replace(failed, notice=_STOPPED, tone="note")
        except ZhengwenError as error:
            failed = replace(failed, notice=_sentence(error))
        except Exception:
            log.exception("A question could not be answered.")
        yield {self._thread: extended(thread, failed), **self._shown(failed, thread)}

    def _stopped(self, name: str) -> None:
        if run := self._runs.get(name):
            run.stop()

    def _ready(self) -> dict[Any, Any]:
        import gradio as gr

        return {self._send: gr.update(visible=True), self._stop: gr.update(visible=False)}

    def _shown(self, exchange: Exchange | None, earlier: Thread, *, question: str = "") -> dict[Any, Any]:
        """The page as it stands after `exchange`, or while `question` is being worked on."""
        import gradio as gr

        answer = exchange.answer if exchange else None
        offered = answer.suggestions if answer else (exchange.question,) if exchange else ()
        chips = {
            chip: gr.update(value=_storable(text) or None, visible=bool(text))
            for chip, text in zip(self._chips, (*offered, *[""] * _CHIPS), strict=False)
        }
        current = (
            render.exchange_html(exchange)
            if exchange
            else render.pending_html(question)
            if question
            else render.welcome_html()
        )
        return {
            **chips,
            **self._rating.fresh(shown=answer is not None),
            self._running: "",
            self._note: "",
            self._examples_row: gr.update(visible=not (exchange or earlier or question)),
            self._current: current,
            self._passages: render.citations_html(exchange) if exchange else "",
            self._covered: self._covered_html(opened=not (answer and answer.citations)),
            self._earlier: render.earlier_html(earlier),
        }

    def _covered_html(self, *, opened: bool) -> Any:
        import gradio as gr

        try:
            return render.reports_html(self._assistant.reports(), opened=opened)
        except Exception:
            log.exception("The catalogue could not be read.")
            return gr.skip()


def example_questions(reports: Sequence[Report]) -> list[str]:
    """Questions about the newest reports, one region after the other; none where nothing is covered."""
    newest: dict[str, Report] = {}
    for report in sorted(reports, key=lambda report: (-report.report_year, report.region)):
        newest.setdefault(report.region, report)
    chosen = list(newest.values())
    return [
        template.format(region=_storable(report.region), year=report.report_year)
        for template, report in zip(_EXAMPLES, chosen * len(_EXAMPLES), strict=False)
    ]


def _sentence(error: ZhengwenError) -> str:
    return f"{error}\n{error.hint}" if error.hint else str(error)


def _storable(text: str) -> str:
    """Without lone surrogates, which no encoder takes, and without NUL."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def _html(gr: Any, value: str = "", elem_id: str | None = None) -> gr.Markdown:
    # The framework's own cleaner is off because it is not relied on: `render` has escaped and cleaned all of it.
    return gr.Markdown(value, sanitize_html=False, latex_delimiters=[], elem_id=elem_id, elem_classes="zw-html")
