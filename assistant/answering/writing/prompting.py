"""The prompts in `prompts/*.md`: read once, their placeholders checked, their hash recorded with each answer."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from string import Template

PLACEHOLDERS = {
    "answer": frozenset({"passages", "today", "reports", "question", "decline"}),
    "read": frozenset({"passages", "facts", "history", "today", "reports", "question", "way", "decline"}),
    "ways": frozenset(),
    "correct": frozenset({"passages", "question", "sentences"}),
    "understand": frozenset({"history", "question", "today"}),
    "decline": frozenset(),
}
"""Each prompt with the placeholders that it must have, no more and no fewer."""


@dataclass(frozen=True)
class Prompts:
    """All words that are said to a model."""

    templates: dict[str, Template]
    version: str
    """First 12 hex digits of the SHA-256 over all of them."""

    def fill(self, name: str, **values: str) -> str:
        """Return a prompt with its placeholders filled. A value is text: a `$` in it stays what it is."""
        return self.templates[name].substitute(values)

    def way(self, intent: str) -> str:
        """Return the line of `ways.md` on how a question of this intent is answered; that of a passage where it has none."""
        ways = dict(line.split("：", 1) for line in self.fill("ways").splitlines())
        return ways.get(intent, ways["passage"])


@cache
def load_prompts() -> Prompts:
    """Read the prompts that come with the package. Raises `ValueError` where the placeholders of one are not what they must be."""
    texts = {
        name: resources.files("prompts").joinpath(f"{name}.md").read_text("utf-8").strip() for name in PLACEHOLDERS
    }
    return check_prompts(texts)


def check_prompts(texts: dict[str, str]) -> Prompts:
    """Turn texts into prompts; raises `ValueError` that names the prompt and the placeholder that is missing or unknown."""
    templates = {name: Template(text) for name, text in texts.items()}
    for name, template in templates.items():
        found = frozenset(template.get_identifiers())
        if not template.is_valid() or found != PLACEHOLDERS[name]:
            wrong = ", ".join(sorted(found ^ PLACEHOLDERS[name])) or "a single $"
            raise ValueError(f"prompts/{name}.md: wrong placeholders: {wrong}")
    whole = "\0".join(f"{name}\0{texts[name]}" for name in sorted(texts))
    return Prompts(templates, hashlib.sha256(whole.encode()).hexdigest()[:12])
