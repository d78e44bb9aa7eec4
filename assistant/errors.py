"""The errors a user can meet. Each says in one sentence what is wrong and, where it helps, what to do about it."""

from __future__ import annotations

import errno


class ZhengwenError(Exception):
    """Base of every error this project raises on purpose; `str(error)` is fit to be shown to anybody."""

    hint: str = ""

    def __init__(self, message: str, hint: str | None = None, where: object = "") -> None:
        super().__init__(message)
        if hint is not None:
            self.hint = hint
        self.where = str(where or "")
        """The file or folder it is about: for whoever runs the program, and no business of its readers."""

    @property
    def located(self) -> str:
        """The message with the file or folder it is about, for the terminal and the log."""
        return f"{str(self).rstrip('。')}：{self.where}" if self.where else str(self)


class SettingsError(ZhengwenError):
    """A setting is unknown or has a value that cannot be used."""


class QuestionError(ZhengwenError):
    """The question cannot be taken: it is empty or far too long."""


class UnreadableFile(ZhengwenError):
    """A file cannot be opened, is of a kind that is not read, or holds no text."""


class NotAReport(ZhengwenError):
    """A file was read but is not a government work report."""


class SeveralReports(NotAReport):
    """A file holds several reports; taken for one, it would answer for the place and the year of its first."""

    def __init__(self, message: str, hint: str, count: int) -> None:
        super().__init__(message, hint)
        self.count = count


class AlreadyHeld(ZhengwenError):
    """Another report of the same place and year is held; somebody has to choose between the two."""


class DescriptionError(ZhengwenError):
    """What somebody says of a report cannot be, or does not say what it must."""


class ModelError(ZhengwenError):
    """The embedding model is missing, damaged or not the one that an index was made with."""


class LanguageModelError(ZhengwenError):
    """A language model cannot be opened, or did not answer as it should; the reader's extract stands in for it."""


class TooLongForModel(LanguageModelError):
    """A request is longer than a language model can read; a shorter one may do."""


class StorageError(ZhengwenError):
    """The disk or a file on it does not do what is asked of it."""

    @classmethod
    def of(cls, error: OSError) -> StorageError:
        """Say in a sentence what the operating system complains of."""
        where = error.filename or ""
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return cls("磁盘已满。", "腾出空间后再试；已收录的报告没有受影响。", where)
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            return cls("没有权限读写。", "检查权限；数据目录可以用环境变量 ZHENGWEN_HOME 另行指定。", where)
        if error.errno in (errno.ENOTDIR, errno.EEXIST):
            return cls("这里应该是文件夹，却是一个文件。", "换一个位置；数据目录用环境变量 ZHENGWEN_HOME 指定。", where)
        return cls(f"读写文件时出错（{error.strerror or error}）。", "检查磁盘和文件后再试一次。", where)


class LibraryError(ZhengwenError):
    """The library on disk cannot be opened or written."""


class IndexMismatch(LibraryError):
    """An index was built under another embedding model or other passage rules."""
