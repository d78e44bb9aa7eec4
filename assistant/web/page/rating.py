"""What a reader can say of the answer on the page: 👍, or 👎 with what is wrong and a line of their own.

The thumbs are drawn by page.css: many machines have no font with the emoji.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from assistant.corpus.feedback import LONGEST_NOTE, Reason
from assistant.errors import ZhengwenError
from assistant.types import Answer
from assistant.web.page import memory, render
from assistant.web.page.thread import turns

if TYPE_CHECKING:
    import gradio as gr

log = logging.getLogger(__name__)

REASONS: dict[str, Reason] = {
    "数据有误": "wrong_figure",
    "引用有误": "wrong_citation",
    "不该回答": "should_refuse",
    "不完整": "incomplete",
    "其他": "other",
}
_USEFUL = "这个回答有用吗？"
_THANKS = "谢谢，已经记下了。"
_CHOOSE = "请先选一下哪里不对，再点“提交”。"
_FAILED = "抱歉，没能记下来。请稍后再试；如果还是不行，请告诉管理员。"


class KeepsFeedback(Protocol):
    """What the page needs of a book of feedback."""

    def add(
        self, answer: Answer, history: Sequence[str] = (), *, good: bool, reason: Reason = "", note: str = ""
    ) -> object: ...


class Rating:
    """The row under the current answer; without a book there is none."""

    def __init__(self, book: KeepsFeedback | None) -> None:
        self._book = book

    def lay_out(self, gr: Any, kept: gr.Textbox) -> None:
        """Put the row where the page is being laid out, and connect it to the conversation that is `kept`."""
        # Under an answer it shows, elsewhere page.css hides it: Gradio loses a row that is hidden and shown in quick succession.
        with gr.Column(visible=self._book is not None, elem_id="rating"):
            with gr.Row(elem_classes="zw-chips", elem_id="rate") as self._buttons:
                gr.Markdown(_USEFUL, sanitize_html=False, elem_id="rate-question", elem_classes="zw-html")
                good = gr.Button("有用", size="sm", elem_id="good")
                bad = gr.Button("有问题", size="sm", elem_id="bad")
            with gr.Column(visible=False, elem_id="complaint") as self._form:
                self._reason = gr.Radio(list(REASONS), label="哪里不对？", elem_id="reason")
                self._note = gr.Textbox(
                    label="补充一句（可以不写）", lines=1, max_lines=1, max_length=LONGEST_NOTE, elem_id="remark"
                )
                with gr.Row(elem_classes="zw-chips"):
                    send = gr.Button("提交", size="sm", elem_id="complain")
                    back = gr.Button("取消", size="sm", elem_id="unsaid")
            self._said = gr.Markdown(sanitize_html=False, elem_id="said", elem_classes="zw-html")
        self.outputs = [self._buttons, self._form, self._reason, self._note, self._said]
        quiet = {"show_progress": "hidden", "api_visibility": "private"}
        good.click(self._praise, [kept], self.outputs, **quiet)
        bad.click(self._ask_why, None, self.outputs, **quiet)
        back.click(self._begin_again, None, self.outputs, **quiet)
        for trigger in (send.click, self._note.submit):
            trigger(self._complain, [kept, self._reason, self._note], self.outputs, **quiet)

    def fresh(self) -> dict[Any, Any]:
        """The row as it stands under an answer that nobody has judged."""
        import gradio as gr

        return {
            **{self._buttons: gr.update(visible=True), self._form: gr.update(visible=False)},
            **{self._reason: None, self._note: "", self._said: ""},
        }

    def _begin_again(self) -> dict[Any, Any]:
        return self.fresh()

    def _ask_why(self) -> dict[Any, Any]:
        import gradio as gr

        return {self._buttons: gr.update(visible=False), self._form: gr.update(visible=True), self._said: ""}

    def _praise(self, kept: str) -> dict[Any, Any]:
        return self._keep(kept, good=True)

    def _complain(self, kept: str, reason: str | None, note: str | None) -> dict[Any, Any]:
        if reason not in REASONS:
            return {self._said: render.note_html(_CHOOSE)}
        return self._keep(kept, good=False, reason=REASONS[reason], note=note or "")

    def _keep(self, kept: str, *, good: bool, reason: Reason = "", note: str = "") -> dict[Any, Any]:
        import gradio as gr

        thread = memory.recalled(kept).exchanges
        answer = thread[-1].answer if thread else None
        if self._book is None or answer is None:
            return self.fresh()
        try:
            history = [turn.question for turn in turns(thread[:-1])]
            self._book.add(answer, history, good=good, reason=reason, note=note)
        except ZhengwenError:
            log.exception("Feedback could not be kept.")
            return {self._said: render.note_html(_FAILED)}
        hidden = gr.update(visible=False)
        return {self._buttons: hidden, self._form: hidden, self._said: render.thanks_html(_THANKS)}
