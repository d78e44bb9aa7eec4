"""A figure that is called wrong over HTTP: into the same book, with the same rights and audit lines, as from the page."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from assistant.corpus.library import Library
from assistant.language.lexicon import load_lexicon
from assistant.panel.panel import Panel
from assistant.retrieval.shelf import Shelf
from assistant.types import Report
from tests.panel.places import library_of, report

if TYPE_CHECKING:
    from starlette.testclient import TestClient

PLAN = "综合各方面因素，主要预期目标是：地区生产总值增长5%，固定资产投资增长8%。"


class OfPanel:
    """The tables of a library, as the assistant gives them to each caller."""

    def __init__(self, library: Library, only: frozenset[str] | None = None) -> None:
        self._library = library
        self._shelf = Shelf(library, library.state(), only)

    def within(self, regions: Collection[str]) -> OfPanel:
        return OfPanel(self._library, frozenset(regions))

    def reports(self) -> tuple[Report, ...]:
        return tuple(self._shelf.reports.values())

    def panel(self) -> Panel:
        return Panel(self._shelf, load_lexicon())


@pytest.fixture
def people(
    tmp_path: Path, service: Callable[..., TestClient], key: Callable[..., str], mint: Callable[..., str]
) -> Callable[..., Any]:
    """Ask the API of two places' reports as somebody."""
    folder = tmp_path / "reports"
    folder.mkdir()
    texts = [report(place, 2025, "全年地区生产总值增长5.3%。", PLAN) for place in ("甲山市", "乙河市")]
    client = service(by=OfPanel(library_of(folder, *texts)))
    secrets = {"ask": key(), "admin": key("admin"), "of 乙河市": mint(regions=["乙河市"])}

    def asked(who: str, method: str, path: str, **more: Any) -> Any:
        return client.request(method, path, headers={"authorization": f"Bearer {secrets[who]}"}, **more)

    return asked


def wrong(people: Callable[..., Any], **changes: Any) -> dict[str, Any]:
    """What somebody who has read the table of 甲山市 would send."""
    table = people("ask", "GET", "/api/indicators", params={"indicator": "GDP", "place": "甲山市"}).json()
    pair = next(pair for one in table["series"] for pair in one["pairs"] if pair["actual"]["told"])
    told = pair["actual"]["told"]
    where = {"report": told["report"]["id"], "paragraph": told["paragraph_id"], "start": told["place"]}
    slot = {"place": "甲山市", "year": pair["year"], "role": "actual", "indicator": "地区生产总值", "kind": "change"}
    return {**where, **slot, "figure": told["figure"], "fault": "value", "right": "5.1%", **changes}


def state_of(people: Callable[..., Any]) -> str:
    table = people("ask", "GET", "/api/indicators", params={"indicator": "GDP", "place": "甲山市"}).json()
    pairs = [pair["actual"] for one in table["series"] for pair in one["pairs"] if pair["year"] == 2024]
    return " ".join([pairs[0]["state"], *(one["state"] for one in pairs[0]["called_wrong"])]) if pairs else "none"


def test_it_is_reported_listed_and_decided_and_the_table_follows(
    people: Callable[..., Any], audit: Callable[[], list[dict[str, Any]]]
) -> None:
    kept = people("ask", "POST", "/api/corrections", json=wrong(people))
    assert (kept.status_code, kept.json()["state"], kept.json()["right"]) == (200, "open", "5.1%")
    assert state_of(people) == "told open"
    listed = people("admin", "GET", "/api/corrections", params={"state": "open"}).json()["corrections"]
    assert [one["id"] for one in listed] == [kept.json()["id"]]
    path = f"/api/corrections/{kept.json()['id']}"
    decided = people("admin", "POST", path, json={"state": "accepted"})
    assert (decided.status_code, decided.json()["state"]) == (200, "accepted")
    assert "told open" not in state_of(people)
    assert people("admin", "GET", "/api/corrections", params={"state": "open"}).json() == {"corrections": []}
    assert people("admin", "POST", path, json={"state": "open"}).status_code == 200
    assert state_of(people) == "told open"
    rows = [row for row in audit() if row["event"] == "correction"]
    assert [row["state"] for row in rows] == ["open", "accepted", "open"]
    assert {row["id"] for row in rows} == {kept.json()["id"]}


def test_who_may_only_ask_may_neither_list_nor_decide(people: Callable[..., Any]) -> None:
    kept = people("ask", "POST", "/api/corrections", json=wrong(people)).json()
    assert people("ask", "GET", "/api/corrections").status_code == 403
    assert people("ask", "POST", f"/api/corrections/{kept['id']}", json={"state": "accepted"}).status_code == 403


def test_a_report_that_one_may_not_see_takes_no_correction_as_if_it_were_not_there(
    people: Callable[..., Any],
) -> None:
    for reply in (
        people("of 乙河市", "POST", "/api/corrections", json=wrong(people)),
        people("ask", "POST", "/api/corrections", json=wrong(people, report="0" * 16)),
        people("admin", "POST", f"/api/corrections/{'0' * 12}", json={"state": "accepted"}),
    ):
        assert (reply.status_code, reply.json()["error"]["code"]) == (404, "not_held")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"start": 99_999}, "没有数"),
        ({"paragraph": "x"}, "没有数"),
        ({"start": -1}, "start"),
        ({"year": "2024"}, "year"),
        ({"fault": "spite"}, "fault"),
        ({"right": "长" * 201}, "right"),
        ({"who": "canary"}, "请求"),
    ],
)
def test_what_names_no_figure_is_refused(change: dict[str, Any], field: str, people: Callable[..., Any]) -> None:
    reply = people("ask", "POST", "/api/corrections", json=wrong(people, **change))
    assert reply.status_code == 422
    assert field in reply.json()["error"]["message"]
    assert people("admin", "GET", "/api/corrections").json() == {"corrections": []}
