"""The chat page: what stands where, and what a click does.

Answers and passages are blocks of our own HTML shown by `gr.Markdown`, not a `gr.Chatbot` (which parses each message as Markdown of its own
accord) and not `gr.HTML` (whose template needs `unsafe-eval`, which the Content-Security-Policy refuses).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from assistant.errors import QuestionError
from assistant.web import memory, render
from assistant.web.asking import AnswersQuestions, Part, error_sentence, steps
from assistant.web.examples import EXAMPLES, example_questions
from assistant.web.markup import storable
from assistant.web.rating import KeepsFeedback, Rating
from assistant.web.run import Run, Runs, Superseded
from assistant.web.thread import Exchange, Thread, extended, next_number, turns

if TYPE_CHECKING:
    import gradio as gr

log = logging.getLogger(__name__)

TITLE = "政问 · 政府工作报告问答"
_CHIPS = 6
_ALTERNATIVES = 3
_BOX = 2000
"""Characters the box takes: more than any question may have, so that a long one is refused in words, yet less than the gate lets in."""
_ASK_FIRST = "请先在上面写下问题，例如“松北区2025年GDP目标是多少”，再点“提问”。"
_NO_CATALOGUE = "暂时读不到已收录的报告，请刷新页面再试；如果还是不行，请告诉管理员。"


class ChatPage:
    """The page around one assistant; the conversation of each tab lives in its session state.

    The browser keeps a copy that is read when the page is opened: of two tabs the last to write wins, an open one keeps its own.
    """

    def __init__(
        self, assistant: AnswersQuestions, book: KeepsFeedback | None = None, *, evaluation: bool = False
    ) -> None:
        """`book` takes what readers say of answers; `evaluation` shows the way to the evaluation page."""
        self._assistant = assistant
        self._rating = Rating(book)
        self._evaluation = evaluation
        self._runs: Runs[Part] = Runs()

    def blocks(self) -> gr.Blocks:
        """Lay the page out and connect it."""
        import gradio as gr

        with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True) as page:
            _html(gr, render.head_html())
            self._thread = gr.State(())
            self._browser = gr.BrowserState("[]", storage_key=memory.STORAGE_KEY, secret=memory.SECRET)
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
                self._examples = [gr.Button(visible=False, size="sm") for _ in EXAMPLES]
            with gr.Row(elem_classes="zw-chips", elem_id="anew", visible=False) as self._anew_row:
                self._anew = gr.Button("新的对话", size="sm")
            with gr.Row(elem_classes="zw-main"):
                with gr.Column(scale=1, min_width=0):
                    with gr.Column(elem_id="answer"):
                        self._asked = _html(gr, elem_id="asked")
                        with gr.Row(elem_classes="zw-chips", elem_id="alternatives", visible=False) as self._others_row:
                            self._others = [gr.Button(visible=False, size="sm") for _ in range(_ALTERNATIVES)]
                        self._reply = _html(gr, render.welcome_html(), elem_id="reply")
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
        # Gradio hands the request, which names the tab, to the parameter that has this type; only here is the type at hand.
        for handler in (ChatPage._ask, ChatPage._stop_run, ChatPage._ready, ChatPage._begin_anew, ChatPage._gone):
            handler.__annotations__["request"] = gr.Request
        shown = [
            *(
                self._thread,
                self._note,
                self._examples_row,
                self._anew_row,
                self._asked,
                self._others_row,
                *self._others,
            ),
            *(self._reply, *self._chips, self._passages, self._covered, self._earlier, *self._rating.outputs),
        ]
        buttons = [self._send, self._stop]
        for trigger, source in (
            (self._box.submit, self._box),
            (self._send.click, self._box),
            *((button.click, button) for button in (*self._examples, *self._others, *self._chips)),
        ):
            asked = trigger(self._ask, [source, self._thread], [*shown, self._browser, self._box, *buttons], **quiet)
            # Only now: until an event is over, Gradio drops a second click on the same button.
            asked.then(self._ready, None, buttons, **quiet)
        self._stop.click(self._stop_run, None, None, **quiet)
        self._anew.click(self._begin_anew, None, [*shown, self._browser], **quiet)
        page.load(self._opened, self._browser, [*shown, *self._examples], **quiet)
        page.unload(self._gone)

    def _opened(self, remembered: object) -> dict[Any, Any]:
        import gradio as gr

        thread = memory.recalled(remembered)
        before = {self._thread: thread, **self._shown(thread[-1], thread[:-1])} if thread else {}
        try:
            reports = self._assistant.reports()
        except Exception:
            log.exception("The catalogue could not be read.")
            return {**before, self._note: render.note_html(_NO_CATALOGUE)}
        examples = {
            button: gr.update(value=question, visible=True)
            for button, question in zip(self._examples, example_questions(reports), strict=False)
        }
        return {self._covered: render.reports_html(reports, opened=True), **before, **examples}

    def _ask(self, typed: str | None, thread: Thread, request: Any) -> Iterator[dict[Any, Any]]:
        """Answer one question on the page; whatever goes wrong becomes a sentence and leaves the box usable."""
        import gradio as gr

        question = storable(typed or "").strip()
        if not question:
            yield {self._note: render.note_html(_ASK_FIRST)}
            return
        run: Run[Part] = Run(lambda stopped: self._assistant.stream(question, turns(thread), stopped))
        with self._runs.only(request.session_hash, run):
            waiting = Exchange(next_number(thread), question)
            yield {
                **self._shown(waiting, thread, pending=True),
                **{self._box: "", self._send: gr.update(visible=False), self._stop: gr.update(visible=True)},
            }
            yield from self._worked_on(run, waiting, thread)

    def _worked_on(self, run: Run[Part], waiting: Exchange, thread: Thread) -> Iterator[dict[Any, Any]]:
        shown = waiting
        try:
            for step in steps(run, waiting):
                if step.done:
                    yield self._ended(step.exchange, thread, shown)
                elif step.exchange is shown:
                    yield {self._reply: render.pending_html(shown, step.so_far)}
                else:
                    shown = step.exchange
                    yield self._shown(shown, thread, pending=True)
        except QuestionError as error:
            # The question goes back into its box, where it can be mended.
            before = self._shown(thread[-1] if thread else None, thread[:-1])
            yield {**before, self._box: waiting.question, self._note: render.note_html(error_sentence(error))}
        except Superseded:
            return

    def _ended(self, exchange: Exchange, earlier: Thread, preview: Exchange) -> dict[Any, Any]:
        """The page after `exchange`, which the browser keeps; passages that a preview shows already are left as they are."""
        thread = extended(earlier, exchange)
        changes = {**self._shown(exchange, earlier), self._thread: thread, self._browser: memory.kept(thread)}
        if preview.answer and render.citations_html(preview) == changes[self._passages]:
            del changes[self._passages]
        return changes

    def _stop_run(self, request: Any) -> None:
        self._runs.stop(request.session_hash)

    def _gone(self, request: Any) -> None:
        """Nobody looks at the tab any more; Gradio itself would notice when the next part comes."""
        self._runs.stop(request.session_hash, Superseded)

    def _begin_anew(self, request: Any) -> dict[Any, Any]:
        self._runs.stop(request.session_hash, Superseded)
        return {**self._shown(None, ()), self._thread: (), self._browser: memory.kept(())}

    def _ready(self, request: Any) -> dict[Any, Any]:
        import gradio as gr

        if self._runs.of(request.session_hash):
            return {}  # another question has taken the place of the one that has ended
        return {self._send: gr.update(visible=True), self._stop: gr.update(visible=False)}

    def _shown(self, exchange: Exchange | None, earlier: Thread, *, pending: bool = False) -> dict[Any, Any]:
        """The page as it stands after `exchange`, or while it is being worked on."""
        import gradio as gr

        answer = exchange.answer if exchange else None
        offered = answer.suggestions if answer else (exchange.question,) if exchange else ()
        alternatives = answer.alternatives[:_ALTERNATIVES] if answer else ()
        reply = render.pending_html if pending else render.reply_html
        return {
            **_buttons(self._chips, () if pending else offered),
            **_buttons(self._others, alternatives),
            **self._rating.fresh(shown=answer is not None and not pending),
            self._others_row: gr.update(visible=bool(alternatives)),
            self._note: "",
            self._examples_row: gr.update(visible=not (exchange or earlier)),
            self._anew_row: gr.update(visible=bool(exchange or earlier)),
            self._asked: render.asked_html(exchange) if exchange else "",
            self._reply: reply(exchange) if exchange else render.welcome_html(),
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


def _buttons(buttons: Sequence[Any], texts: Sequence[str]) -> dict[Any, Any]:
    import gradio as gr

    return {
        button: gr.update(value=storable(text) or None, visible=bool(text))
        for button, text in zip(buttons, (*texts, *[""] * len(buttons)), strict=False)
    }


def _html(gr: Any, value: str = "", elem_id: str | None = None) -> gr.Markdown:
    # The framework's own cleaner is off because it is not relied on: `render` has escaped and cleaned all of it.
    return gr.Markdown(value, sanitize_html=False, latex_delimiters=[], elem_id=elem_id, elem_classes="zw-html")
