"""The English of the page: the tables as its script holds them, and the script itself, asked in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import assistant

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

SCRIPTS = Path(assistant.__file__).parent / "web" / "static" / "page"
_TABLES = dict(
    re.findall(
        r"^export const (\w+) = (.*?)^[\]}];$",
        (SCRIPTS / "english-words.js").read_text("utf-8"),
        re.MULTILINE | re.DOTALL,
    )
)
_ADDRESS = "http://scripts.invalid/"


def words_of(table: str) -> list[tuple[str, str]]:
    """Each Chinese text of a table with its English."""
    return re.findall(r'^  "([^"]+)":\s+"([^"]+)",$', _TABLES[table], re.MULTILINE)


def patterns_of(table: str) -> list[re.Pattern[str]]:
    """The patterns of a table."""
    return [re.compile(one) for one in re.findall(r"^  \[/(.+?)/,", _TABLES[table], re.MULTILINE)]


NAMES = dict(words_of("NAMES"))


class English:
    """`english-sentences.js` in a page of its own, with nothing of the application around it."""

    def __init__(self, browser: Browser) -> None:
        self._page = browser.new_page()
        self._page.route(f"{_ADDRESS}**", _serve)
        self._page.goto(_ADDRESS)

    def of(self, said: Iterable[str]) -> list[str | None]:
        """For each text its English where it is nothing but sentences of the assistant's own; None where anything else is in it."""
        return self._call("inSentences", said)

    def parts(self, said: Iterable[str]) -> list[str]:
        """For each part of a sentence (a place and a time) its English, or itself where it is not known."""
        return self._call("part", said)  # type: ignore[return-value]

    def close(self) -> None:
        self._page.close()

    def _call(self, name: str, texts: Iterable[str]) -> list[str | None]:
        script = "async ([name, texts]) => texts.map((await import('./english-sentences.js'))[name])"
        told: list[str | None] = self._page.evaluate(script.replace("./", _ADDRESS), [name, list(texts)])
        return told


def _serve(route: Route) -> None:
    name = route.request.url.removeprefix(_ADDRESS)
    if name:
        route.fulfill(path=SCRIPTS / name, content_type="text/javascript")
    else:
        route.fulfill(body="<!doctype html>", content_type="text/html")
