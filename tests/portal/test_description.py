"""schemathesis reads the API's own description and tries what it allows and what it forbids."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from typing import Any

import pytest

FEW, MANY = 250, {"admin": 2000, "ask": 3000, "nobody": 1000}


def _tried(address: str, headers: dict[str, str], wanted: int) -> int:
    """Send at least so many requests; return how many were sent. Raises on the first breach."""
    import hypothesis
    import schemathesis
    from schemathesis.generation import GenerationMode

    schema: Any = schemathesis.openapi.from_url(f"{address}/api/openapi.json")
    sent = 0
    operations = [result.ok() for result in schema.get_all_operations()]
    each = wanted // 7 + 2  # four of the operations have something to vary, and each is tried in two ways
    for operation in operations:
        for mode in GenerationMode:

            @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
            @hypothesis.settings(
                max_examples=each,
                deadline=None,
                database=None,
                suppress_health_check=list(hypothesis.HealthCheck),
                phases=[hypothesis.Phase.generate],
                derandomize=True,
            )
            def once(case: Any) -> None:
                nonlocal sent
                sent += 1
                reply = case.call(headers=headers, timeout=30)
                assert reply.status_code < 500 or reply.status_code == 503, (reply.status_code, reply.text)
                # It does not count 413 as a refusal.
                checks = [one for one in CHECKS if reply.status_code != 413 or "negative" not in one.__name__]
                case.validate_response(reply, checks=checks, headers=headers)

            with suppress(hypothesis.errors.Unsatisfiable):  # where there is nothing to get wrong
                once()
    return sent


CHECKS: list[Any] = []


@pytest.fixture(autouse=True)
def _checks() -> None:
    from schemathesis.specs.openapi import checks as openapi

    CHECKS[:] = [
        openapi.status_code_conformance,
        openapi.content_type_conformance,
        openapi.response_schema_conformance,
        openapi.negative_data_rejection,
    ]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("scope", [pytest.param("ask", marks=pytest.mark.slow), "nobody"])
def test_what_is_described_is_what_happens(
    scope: str,
    served: Callable[..., AbstractContextManager[str]],
    key: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    headers = {"authorization": f"Bearer {key()}"} if scope == "ask" else {}
    with served(asks_per_minute=100_000) as address:
        assert _tried(address, headers, FEW if scope == "ask" else 60) >= (200 if scope == "ask" else 50)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("scope", ["admin", "ask", "nobody"])
def test_what_is_described_is_what_happens_thousands_of_times(
    scope: str,
    served: Callable[..., AbstractContextManager[str]],
    key: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    headers = {} if scope == "nobody" else {"authorization": f"Bearer {key(scope)}"}
    with served(asks_per_minute=100_000) as address:
        sent = _tried(address, headers, MANY[scope])
    sys.stderr.write(f"schemathesis as {scope}: {sent} requests\n")
    assert sent >= MANY[scope]
