"""The chat page: what stands where, and what a click does.

Only the newest exchange is the server's to change; those before it stay where they are in the browser, which takes them over.

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
from assistant.web.page.markup import storable
from assistant.web.page.memory import Conversation
from assistant.web.page.rating import KeepsFeedback, Rating
from assistant.web.page.run import Run, Runs, Superseded
from assistant.web.page.thread import Exchange, extended, next_number, turns

if TYPE_CHECKING:
    import gradio as gr

log = logging.getLogger(__name__)

TITLE = "政问 · 政府工作报告问答"
_BOX = 2000
"""Characters the box takes: more than any question may have, so that a long one is refused in words, yet less than the gate lets in."""
_TICK = 1.0
"""Seconds after which a run that says nothing looks whether its reader is still there."""
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

        with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True) as page, gr.Row(elem_id="room"):
            with gr.Column(scale=0, min_width=0, elem_id="side"):
                _html(gr, render.side_html(evaluation=self._evaluation))
            _html(gr, render.top_html(), elem_id="top")
            with gr.Column(scale=1, min_width=0, elem_id="main"):
                self._earlier = _html(gr, elem_id="earlier")
                with gr.Column(elem_id="answer"):
                    self._asked = _html(gr, elem_id="asked")
                    self._reply = _html(gr, elem_id="reply")
                    self._rating.lay_out(gr, self._memory_kept(gr))
                    self._offer = _html(gr, elem_id="offer")
                    self._examples = _html(gr, elem_id="examples")
                with gr.Column(elem_id="asking"):
                    self._lay_out_asking(gr)
            with gr.Column(scale=1, min_width=0, elem_id="evidence"):
                self._passages = _html(gr, elem_id="passages")
            _html(gr, render.library_html(), elem_id="library")
            _html(gr, render.indicators_html(), elem_id="indicators")
            self._connect(gr)
        return page

    def _memory_kept(self, gr: Any) -> gr.Textbox:
        """The fields that nobody sees: what the scripts hand over, and what they click to have it taken."""
        with gr.Row(elem_classes="zw-unseen"):
            self._memory = gr.Textbox(elem_id="memory", show_label=False)
            self._recall = gr.Button("recall", elem_id="recall")
            self._picked = gr.Textbox(elem_id="picked", show_label=False)
            self._pick = gr.Button("pick", elem_id="pick")
        return self._memory

    def _lay_out_asking(self, gr: Any) -> None:
        self._note = _html(gr, elem_id="note")
        with gr.Row(elem_classes="zw-ask"):
            gr.Textbox(
                show_label=False,
                label="问题",
                placeholder="写下您的问题",
                lines=1,
                max_lines=6,
                max_length=_BOX,
                container=False,
                autofocus=True,
                scale=1,
                elem_id="question",
            )
            gr.Button("提问", variant="primary", scale=0, elem_id="send")
            self._stop = gr.Button("停止", scale=0, elem_id="stop")
        _html(gr, render.foot_html())

    def _connect(self, gr: Any) -> None:
        quiet = {"show_progress": "hidden", "api_visibility": "private"}
        self._unchanged = {self._note: gr.skip()}
        # Gradio hands the request, which names the tab, to the parameter that has this type; only here is the type at hand.
        for handler in (ChatPage._ask, ChatPage._stop_run, ChatPage._recalled, ChatPage._offered):
            handler.__annotations__["request"] = gr.Request
        shown = [self._note, self._asked, self._reply, self._offer, self._passages, self._memory, *self._rating.outputs]
        offered = [self._offer, self._examples]
        # The scripts hand over each question, from the box too, and see to it that one waits for the other; Gradio drops none.
        asked = self._pick.click(self._ask, [self._picked, self._memory], shown, trigger_mode="multiple", **quiet)
        # In an event of its own, since it takes a while.
        asked.then(self._offered, [self._memory], offered, trigger_mode="always_last", **quiet)
        self._stop.click(self._stop_run, None, None, **quiet)
        # The scripts click this at the start too, so that a page is laid out once, with the conversation that it had.
        # Who clicks one conversation and then another gets the other.
        recalled = self._recall.click(
            self._recalled,
            [self._picked],
            [*shown, self._earlier, self._examples],
            trigger_mode="always_last",
            **quiet,
        )
        recalled.then(self._offered, [self._memory], offered, trigger_mode="always_last", **quiet)

    def _recalled(self, kept: str, request: Any) -> dict[Any, Any]:
        """Show a conversation that the browser has kept, or the beginning of a new one."""
        self._runs.supersede(request.session_hash)
        conversation = memory.recalled(kept)
        thread = conversation.exchanges
        shown = self._shown(thread[-1] if thread else None)
        if not thread:
            reports = self._or(None, self._assistant.reports)
            shown[self._reply] = render.welcome_html(reports)
            shown[self._note] = render.note_html(_NO_CATALOGUE) if reports is None else ""
        return {
            **shown,
            self._earlier: render.thread_html(thread[:-1]),
            self._examples: "",
            self._memory: memory.kept(conversation),
        }

    def _ask(self, picked: str | None, kept: str, request: Any) -> Iterator[dict[Any, Any]]:
        """Answer one question on the page; whatever goes wrong becomes a sentence and leaves the box usable."""
        question = storable(picked or "").strip()
        conversation = memory.recalled(kept)
        thread = conversation.exchanges
        run: Run[Part] = Run(lambda stopped: self._assistant.stream(question, turns(thread), stopped), _TICK)
        with self._runs.only(request.session_hash, run):
            waiting = Exchange(next_number(thread), question)
            yield self._shown(waiting, pending=True)
            yield from self._worked_on(run, waiting, conversation)
            # What comes last Gradio says once more at the very end, when something else may stand there already.
            yield self._unchanged

    def _worked_on(self, run: Run[Part], waiting: Exchange, conversation: Conversation) -> Iterator[dict[Any, Any]]:
        shown, thread = waiting, conversation.exchanges
        try:
            for step in steps(run, waiting):
                if step.done:
                    yield self._ended(step.exchange, conversation, shown)
                elif step.exchange is shown:
                    yield {self._reply: render.pending_html(shown, step.so_far)}
                else:
                    shown = step.exchange
                    yield self._shown(shown, pending=True)
        except QuestionError as error:
            # The scripts put the question back into its box, where it can be mended.
            before = self._shown(thread[-1] if thread else None)
            yield {**before, self._note: render.note_html(error_sentence(error))}
        except Superseded:
            return

    def _ended(self, exchange: Exchange, earlier: Conversation, preview: Exchange) -> dict[Any, Any]:
        """The page after `exchange`, which the browser keeps; passages that a preview shows already are left as they are."""
        longer = Conversation(earlier.id, extended(earlier.exchanges, exchange))
        changes = {**self._shown(exchange), self._memory: memory.kept(longer)}
        if preview.answer and render.citations_html(preview) == changes[self._passages]:
            del changes[self._passages]
        return changes

    def _offered(self, kept: str, request: Any) -> dict[Any, Any]:
        """What comes after an answer has been shown, because it takes a while: what else could be meant, what comes next.

        Before the first question these are questions to begin with. What another question has overtaken is not shown.
        """
        thread = memory.recalled(kept).exchanges
        if not thread:
            return {self._examples: render.examples_html(self._or((), lambda: self._assistant.examples()))}
        exchange = thread[-1]
        answer = exchange.answer
        nothing = {self._examples: ""}  # Gradio takes an empty dictionary for one value too few
        if answer is None:
            return nothing
        aspects: Sequence[Aspect] = ()
        if answer.understood:
            aspects = self._or((), lambda: self._assistant.aspects(answer.standalone or answer.question))
        following: Sequence[str] = self._or((), lambda: self._assistant.next_questions(answer))
        if self._runs.of(request.session_hash):
            return nothing
        return {self._offer: render.offer_html(exchange, aspects, following), self._examples: ""}

    def _stop_run(self, request: Any) -> None:
        self._runs.stop(request.session_hash)

    def _shown(self, exchange: Exchange | None, *, pending: bool = False) -> dict[Any, Any]:
        """The newest exchange as it stands, or while it is being worked on.

        Then the row of the rating, which page.css hides, is left alone: for a row to be shown or hidden Gradio's page waits for a frame, and
        writes what has come meanwhile after that, also over what has superseded it.
        """
        reply = render.pending_html if pending else render.reply_html
        return {
            **({} if pending else self._rating.fresh()),
            self._note: "",
            self._asked: render.asked_html(exchange) if exchange else "",
            self._reply: reply(exchange) if exchange else "",
            self._offer: render.offer_html(exchange) if exchange and not pending else "",
            self._passages: render.citations_html(exchange) if exchange else "",
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
