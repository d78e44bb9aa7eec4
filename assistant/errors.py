"""The errors a user can meet. Each says in one sentence what is wrong and, where it helps, what to do about it."""

from __future__ import annotations


class ZhengwenError(Exception):
    """Base of every error this project raises on purpose; `str(error)` is fit to be shown."""

    hint: str = ""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        if hint is not None:
            self.hint = hint


class SettingsError(ZhengwenError):
    """A setting is unknown or has a value that cannot be used."""


class QuestionError(ZhengwenError):
    """The question cannot be taken: it is empty or far too long."""


class UnreadableFile(ZhengwenError):
    """A file cannot be opened, is of a kind that is not read, or holds no text."""


class NotAReport(ZhengwenError):
    """A file was read but is not a government work report, or does not say of which place and year."""


class ModelError(ZhengwenError):
    """The embedding model is missing, damaged or not the one that an index was made with."""


class LanguageModelError(ZhengwenError):
    """A language model cannot be opened, or did not answer as it should; the reader's extract stands in for it."""


class TooLongForModel(LanguageModelError):
    """A request is longer than a language model can read; a shorter one may do."""


class LibraryError(ZhengwenError):
    """The library on disk cannot be opened or written."""


class IndexMismatch(LibraryError):
    """An index was built under another embedding model or other passage rules."""
