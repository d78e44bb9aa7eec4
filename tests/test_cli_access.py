"""`zhengwen keys` and `zhengwen audit`, as a user types them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.access.auditing import faults
from assistant.access.keys import KeyRefused, KeyRing
from assistant.cli import app

RUNNER = CliRunner()


def run(*words: str, code: int = 0) -> tuple[str, str]:
    result = RUNNER.invoke(app, list(words))
    assert result.exit_code == code, (result.output, result.exception)
    return result.stdout, result.stderr


def home() -> Path:
    return Path(os.environ["ZHENGWEN_HOME"])


def test_a_key_is_shown_once_listed_without_its_secret_and_revoked() -> None:
    secret, said = run("keys", "add", "--scope", "admin", "--portal", "oa", "--days", "30")
    key = KeyRing(home()).find(secret.strip())
    assert key.id in said
    listed, _ = run("keys", "list", "--json")
    row = json.loads(listed)
    assert (row["id"], row["scope"], row["portal"], row["state"]) == (key.id, "admin", "oa", "有效")
    assert row["expires"]
    run("keys", "revoke", key.id)
    assert "已吊销" in run("keys", "list")[0]
    with pytest.raises(KeyRefused):
        KeyRing(home()).find(secret.strip())
    everything = b"".join(path.read_bytes() for path in home().rglob("*") if path.is_file())
    assert secret.strip()[12:].encode() not in everything


def test_each_change_of_a_key_is_written_down_and_the_log_can_be_verified() -> None:
    run("keys", "add", "--portal", "oa")
    run("keys", "revoke", KeyRing(home()).all()[0].id)
    [path] = (home() / "audit").glob("*.jsonl")
    lines = path.read_text("utf-8").splitlines()
    assert [json.loads(line)["event"] for line in lines] == ["key_added", "key_revoked"]
    assert "共 2 行" in run("audit", "verify")[1]
    path.write_text(lines[1] + "\n", "utf-8")
    assert faults(home())
    assert path.name in run("audit", "verify", code=1)[0]


def test_a_key_without_a_line_in_the_log_does_not_come_into_the_world() -> None:
    (home() / "audit").write_text("in the way")
    assert RUNNER.invoke(app, ["keys", "add", "--portal", "oa"]).exit_code == 1
    assert [key.revoked is None for key in KeyRing(home()).all()] == [False]


@pytest.mark.parametrize("portal", ["", " ", "a\nb", "x" * 65])
def test_a_name_that_would_not_fit_a_log_is_refused(portal: str) -> None:
    assert RUNNER.invoke(app, ["keys", "add", "--portal", portal]).exit_code == 1
    assert KeyRing(home()).all() == ()
