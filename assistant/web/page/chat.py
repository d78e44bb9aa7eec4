"""The chat page: what stands where, and what a click does.

Answers and passages are blocks of our own HTML shown by `gr.Markdown`, not a `gr.Chatbot` (which parses each message as Markdown of its own
accord) and not `gr.HTML` (whose template needs `unsafe-eval`, which the Content-Security-Policy refuses). What is clicked in them, the
scripts in `static/` turn into a question in the box that nobody sees (`#picked`). The server holds no conversation: the browser keeps each and
sends it along (`#memory`), so there is no session state, hence no connection that each tab would hold open all the time; a browser has six.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from assistant.errors import QuestionError, ZhengwenError
from assistant.types import Aspect
from assistant.web.page import memory, render
from assistant.web.page.asking import AnswersQuestions, Part, error_sentence, steps
from assistant.web.page.examples import example_questions
from assistant.web.page.markup import storable
from assistant.web.page.memory import Conversation
from assistant.web.page.rating import KeepsFeedback, Rating
from assistant.web.page.run import Run, Runs, Superseded
from assistant.web.page.thread import Exchange, Thread, extended, next_number, turns

if TYPE_CHECKING:
    import gradio as gr

log = logging.getLogger(__name__)

TITLE = "政问 · 政府工作报告问答"
_BOX = 2000
"""Characters the box takes: more than any question may have, so that a long one is refused in words, yet less than the gate lets in."""
_TICK = 1.0
"""Seconds after which a run that says nothing looks whether its reader is still there."""
_ASK_FIRST = "请先在上面写下问题，例如“松北区2025年GDP目标是多少”，再点“提问”。"
_NO_CATALOGUE = "暂时读不到已收录的报告，请刷新页面再试；如果还是不行，请告诉管理员。"

Found = TypeVar("Found")


class ChatPage:
    """The page around one assistant."""

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
            _html(gr, render.head_html(), elem_id="head")
            self._lay_out_asking(gr)
            with gr.Row(elem_classes="zw-main"):
                with gr.Column(scale=1, min_width=0):
                    with gr.Column(elem_id="answer"):
                        self._asked = _html(gr, elem_id="asked")
                        self._reply = _html(gr, render.welcome_html(), elem_id="reply")
                    self._rating.lay_out(gr, self._memory)
                    self._next = _html(
                        gr, elem_id="next"
                    )  # comes a little later: nothing that is being read lies below it
                with gr.Column(scale=1, min_width=0, elem_id="evidence"):
                    self._passages = _html(gr, elem_id="passages")
                    self._covered = _html(gr, elem_id="covered")
            self._earlier = _html(gr, elem_id="earlier")
            _html(gr, render.foot_html(evaluation=self._evaluation))
            self._connect(gr)
        return page

    def _lay_out_asking(self, gr: Any) -> None:
        with gr.Row(elem_classes="zw-ask", equal_height=True):
            self._box = gr.Textbox(
                show_label=False,
                label="问题",
                placeholder="请在这里写下您的问题",
                lines=1,
                max_lines=6,
                max_length=_BOX,
                container=False,
                autofocus=True,
                scale=1,
                elem_id="question",
            )
            self._send = gr.Button("提问", variant="primary", scale=0, elem_id="send")
            self._stop = gr.Button("停止", variant="stop", scale=0, visible=False, elem_id="stop")
        with gr.Row(elem_classes="zw-unseen"):
            self._memory = gr.Textbox(elem_id="memory", show_label=False)
            self._recall = gr.Button("recall", elem_id="recall")
            self._picked = gr.Textbox(elem_id="picked", show_label=False)
            self._pick = gr.Button("pick", elem_id="pick")
        self._note = _html(gr, elem_id="note")
        self._examples = _html(gr, elem_id="examples")

    def _connect(self, gr: Any) -> None:
        quiet = {"show_progress": "hidden", "api_visibility": "private"}
        # Gradio hands the request, which names the tab, to the parameter that has this type; only here is the type at hand.
        for handler in (ChatPage._ask, ChatPage._ask_picked, ChatPage._stop_run, ChatPage._ready, ChatPage._recalled):
            handler.__annotations__["request"] = gr.Request
        shown = [
            *(self._note, self._examples, self._asked, self._reply, self._next, self._passages, self._covered),
            *(self._earlier, self._memory, *self._rating.outputs),
        ]
        buttons = [self._send, self._stop]
        for trigger, answering, source in (
            (self._box.submit, self._ask, self._box),
            (self._send.click, self._ask, self._box),
            (self._pick.click, self._ask_picked, self._picked),
        ):
            asked = trigger(answering, [source, self._memory], [*shown, self._box, *buttons], **quiet)
            # Only now: until an event is over, Gradio drops a second click on the same button.
            asked.then(self._ready, None, buttons, **quiet)
        self._stop.click(self._stop_run, None, None, **quiet)
        # The scripts click this at the start too, so that a page is laid out once, with the conversation that it had.
        # Who clicks one conversation and then another gets the other.
        self._recall.click(self._recalled, [self._memory], [*shown, *buttons], trigger_mode="always_last", **quiet)

    def _recalled(self, kept: str, request: Any) -> Iterator[dict[Any, Any]]:
        """Show a conversation that the browser has kept, or the beginning of a new one."""
        import gradio as gr

        self._runs.stop(request.session_hash, Superseded)
        conversation = memory.recalled(kept)
        thread = conversation.exchanges
        last = thread[-1] if thread else None
        yield {
            **self._shown(last, thread[:-1]),
            **{self._memory: memory.kept(conversation), self._send: gr.update(visible=True)},
            **{self._stop: gr.update(visible=False)},
        }
        yield from self._offered(last)

    def _ask_picked(self, picked: str | None, kept: str, request: Any) -> Iterator[dict[Any, Any]]:
        """Answer a question that was clicked; what stands in the box stays there."""
        for shown in self._ask(picked, kept, request):
            yield {part: value for part, value in shown.items() if part is not self._box}

    def _ask(self, typed: str | None, kept: str, request: Any) -> Iterator[dict[Any, Any]]:
        """Answer one question on the page; whatever goes wrong becomes a sentence and leaves the box usable."""
        import gradio as gr

        question = storable(typed or "").strip()
        if not question:
            yield {self._note: render.note_html(_ASK_FIRST)}
            return
        conversation = memory.recalled(kept)
        thread = conversation.exchanges
        run: Run[Part] = Run(lambda stopped: self._assistant.stream(question, turns(thread), stopped), _TICK)
        with self._runs.only(request.session_hash, run):
            waiting = Exchange(next_number(thread), question)
            yield {
                **self._shown(waiting, thread, pending=True),
                **{self._box: "", self._send: gr.update(visible=False), self._stop: gr.update(visible=True)},
            }
            yield from self._worked_on(run, waiting, conversation)

    def _worked_on(self, run: Run[Part], waiting: Exchange, conversation: Conversation) -> Iterator[dict[Any, Any]]:
        shown, thread = waiting, conversation.exchanges
        try:
            for step in steps(run, waiting):
                if step.done:
                    yield self._ended(step.exchange, conversation, shown)
                    yield from self._offered(step.exchange)
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

    def _ended(self, exchange: Exchange, earlier: Conversation, preview: Exchange) -> dict[Any, Any]:
        """The page after `exchange`, which the browser keeps; passages that a preview shows already are left as they are."""
        thread = earlier.exchanges
        longer = Conversation(earlier.id, extended(thread, exchange))
        changes = {**self._shown(exchange, thread), self._memory: memory.kept(longer)}
        if preview.answer and render.citations_html(preview) == changes[self._passages]:
            del changes[self._passages]
        return changes

    def _offered(self, exchange: Exchange | None) -> Iterator[dict[Any, Any]]:
        """What comes after an answer has been shown, because it takes a while: what else could be meant, and what comes next."""
        answer = exchange.answer if exchange else None
        if exchange is None or answer is None:
            return
        aspects: Sequence[Aspect] = ()
        if answer.understood:
            aspects = self._or((), lambda: self._assistant.aspects(answer.standalone or answer.question))
        following: Sequence[str] = self._or((), lambda: self._assistant.next_questions(answer))
        yield {self._asked: render.asked_html(exchange, aspects), self._next: render.next_html(following)}

    def _stop_run(self, request: Any) -> None:
        self._runs.stop(request.session_hash)

    def _ready(self, request: Any) -> dict[Any, Any]:
        import gradio as gr

        if self._runs.of(request.session_hash):
            return {}  # another question has taken the place of the one that has ended
        return {self._send: gr.update(visible=True), self._stop: gr.update(visible=False)}

    def _shown(self, exchange: Exchange | None, earlier: Thread, *, pending: bool = False) -> dict[Any, Any]:
        """The page as it stands after `exchange`, or while it is being worked on."""
        answer = exchange.answer if exchange else None
        reply = render.pending_html if pending else render.reply_html
        fresh = not (exchange or earlier)
        reports = self._or(None, self._assistant.reports)
        opened = not (answer and answer.citations)
        return {
            **self._rating.fresh(),
            self._note: render.note_html(_NO_CATALOGUE) if fresh and reports is None else "",
            self._examples: render.examples_html(example_questions(reports or ())) if fresh else "",
            self._asked: render.asked_html(exchange) if exchange else "",
            self._reply: reply(exchange) if exchange else render.welcome_html(),
            self._next: "",
            self._passages: render.citations_html(exchange) if exchange else "",
            self._covered: render.reports_html(reports, opened=opened) if reports is not None else "",
            self._earlier: render.earlier_html(earlier),
        }

    def _or(self, otherwise: Found, look: Callable[[], Found]) -> Found:
        """What the assistant says beside its answer; nothing is lost where it cannot."""
        try:
            return look()
        except ZhengwenError:
            return otherwise
        except Exception:
            log.exception("The assistant could not say what stands beside an answer.")
            return otherwise


def _html(gr: Any, value: str = "", elem_id: str | None = None) -> gr.Markdown:
    # The framework's own cleaner is off because it is not relied on: `render` has escaped and cleaned all of it.
    return gr.Markdown(value, sanitize_html=False, latex_delimiters=[], elem_id=elem_id, elem_classes="zw-html")
