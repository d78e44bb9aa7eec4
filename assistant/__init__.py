"""政问 (zhengwen): answers questions on Chinese government work reports, with every figure verified against a cited passage.

>>> from assistant import open_assistant
>>> open_assistant().ask("松北区2025年GDP目标是多少").answer
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.errors import ZhengwenError
from assistant.types import Answer, Citation, Evidence, Figure, Report, ReportRef, Retrieved, Turn

if TYPE_CHECKING:
    from assistant.answering.assistant import Assistant
    from assistant.settings import Settings

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "Assistant",
    "Citation",
    "Evidence",
    "Figure",
    "Report",
    "ReportRef",
    "Retrieved",
    "Settings",
    "Turn",
    "ZhengwenError",
    "__version__",
    "open_assistant",
]


def open_assistant(settings: Settings | None = None, **overrides: Any) -> Assistant:
    """Open the library and the models, and return the `Assistant` that answers from them.

    Keyword arguments are single settings (`home=…, top_k=5`) that win over the environment and `zhengwen.toml`; give either
    them or whole `settings`. A new home is filled with the seed reports first. Raises `ZhengwenError`.
    """
    if settings is not None and overrides:
        raise TypeError("give either settings or single overrides, not both")
    from assistant.assembly import build
    from assistant.settings import load_settings

    return build(settings or load_settings(**overrides))


def __getattr__(name: str) -> Any:
    """Import the two public classes that cost time only when somebody asks for them."""
    if name == "Assistant":
        from assistant.answering.assistant import Assistant

        return Assistant
    if name == "Settings":
        from assistant.settings import Settings

        return Settings
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
