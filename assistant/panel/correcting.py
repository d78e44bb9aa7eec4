"""Corrections of the reports that somebody may see: a figure is called wrong, listed, decided."""

from __future__ import annotations

from assistant.corpus.corrections import Correction, State
from assistant.corpus.fact_rows import FactQuery
from assistant.errors import LibraryError, QuestionError
from assistant.retrieval.shelf import Shelf


class NotHeld(LibraryError):
    """A report or a correction that is not there for whoever asks."""


class Corrections:
    """The corrections of one shelf; those of other reports are as if they were not there. Raises `LibraryError` as the library does."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def all(self, state: State | None = None) -> tuple[Correction, ...]:
        """Return them, oldest first; `state` asks for the open, the accepted or the refused ones alone."""
        held = self._shelf.reports
        return tuple(
            one for one in self._shelf.library.corrections.all() if one.report_id in held and state in (None, one.state)
        )

    def add(self, given: Correction) -> Correction:
        """Keep that a figure is called wrong, under an id and a time of its own.

        Raises `NotHeld` where its report is not, and `QuestionError` where no figure begins at the place that is named.
        """
        if given.report_id not in self._shelf.reports:
            raise NotHeld("资料库里没有这份报告。", "它可能已经换成新的版本，或已被移除。")
        facts = self._shelf.library.facts(FactQuery([given.report_id], [given.paragraph_id]))
        if not any(fact.start == given.start for fact in facts):
            raise QuestionError("报告的这个位置没有数。", "请刷新页面，或照 /api/indicators 给出的段落和位置填写。")
        return self._shelf.library.corrections.add(given)

    def decide(self, identity: str, state: State, by: str) -> Correction:
        """Accept or refuse one, or open it again; raises `NotHeld` where there is none of this id."""
        if not any(one.id == identity for one in self.all()):
            raise NotHeld(f"没有编号是 {identity} 的更正。", "全部更正见 /api/corrections。")
        return self._shelf.library.corrections.decide(identity, state, by)
