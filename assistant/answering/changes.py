"""What changes the library behind an assistant, and the index made from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from assistant.corpus.review import Waiting
from assistant.errors import LibraryError
from assistant.types import Report


class Changes(Protocol):
    """Everything that changes what is held. With `index=False` the index is left for a later `index_anew`: exact search answers."""

    def ingest(self, paths: Sequence[Any], progress: Any, *, index: bool = True, **overrides: Any) -> list[Any]:
        """Add report files; see `assistant.corpus.ingest.ingest`."""

    def describe(self, report_id: str, said: Mapping[str, Any], *, index: bool = True, **how: bool) -> Report:
        """Take over what a person says of a report; see `assistant.corpus.describing.describe`."""

    def waiting(self) -> Sequence[Waiting]:
        """Return the reports that answer nothing before somebody has confirmed what they are."""

    def remove(self, report_id: str) -> bool:
        """Take a report out of the library and out of the index; False where it is not held."""

    def index_anew(self) -> None:
        """Make the index of what the library now holds."""

    def close(self) -> None:
        """Close the library."""


class NoChanges:
    """For whoever sees a part of the library."""

    def ingest(self, *_: Any, **__: Any) -> Any:
        raise LibraryError("这里不能收录或删除报告。", "请用没有限定地区的资料库。")

    waiting = describe = remove = index_anew = ingest

    def close(self) -> None:
        """It is closed with the whole."""
