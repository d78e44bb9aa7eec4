"""API keys: shown once, never kept, worthless the moment they are revoked."""

from __future__ import annotations

import ast
import time
from pathlib import Path

import pytest

from assistant.access.keys import KEY, KeyRefused, KeyRing


def test_a_key_is_found_again_and_only_its_hash_is_kept(tmp_path: Path) -> None:
    shown, key = KeyRing(tmp_path).add("ask", "oa")
    assert KEY.fullmatch(shown)
    assert KeyRing(tmp_path).find(shown) == key
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert shown.encode() not in kept
    assert shown.split("_", 2)[2].encode() not in kept
    assert shown[-20:].encode() not in kept
    assert (tmp_path / "keys.json").stat().st_mode & 0o777 == 0o600


def test_a_key_revoked_by_another_process_stops_at_once(tmp_path: Path) -> None:
    serving, terminal = KeyRing(tmp_path), KeyRing(tmp_path)
    shown, key = terminal.add("ask", "oa")
    assert serving.find(shown).id == key.id
    began = time.monotonic()
    terminal.revoke(key.id)
    with pytest.raises(KeyRefused, match="已吊销"):
        serving.find(shown)
    with pytest.raises(KeyRefused, match="已吊销"):
        serving.still(key.id)
    assert time.monotonic() - began < 5


def test_a_key_expires(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path)
    shown, key = ring.add("ask", "oa", days=1)
    ring.find(shown, now=key.created + 86_000)
    with pytest.raises(KeyRefused, match="已过期"):
        ring.find(shown, now=key.created + 86_401)


@pytest.mark.parametrize(
    "change",
    [
        lambda k: k[:-1] + ("A" if k[-1] != "A" else "B"),
        lambda k: k[:-1],
        lambda k: "",
        lambda k: k + "x",
        lambda k: "zw_00000000_" + "x" * 43,
    ],
)
def test_a_key_that_is_not_quite_right_is_refused(tmp_path: Path, change: object) -> None:
    ring = KeyRing(tmp_path)
    shown, _ = ring.add("admin", "oa")
    with pytest.raises(KeyRefused, match="密钥不对"):
        ring.find(change(shown))  # type: ignore[operator]


def test_revoking_what_is_not_there_says_how_to_find_the_id(tmp_path: Path) -> None:
    with pytest.raises(KeyRefused, match="没有这个编号"):
        KeyRing(tmp_path).revoke("00000000")


def test_secrets_are_compared_in_constant_time() -> None:
    for name in ("keys", "sessions"):
        source = (Path(__file__).parents[2] / f"assistant/access/{name}.py").read_text("utf-8")
        calls = {ast.unparse(node.func) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)}
        assert "hmac.compare_digest" in calls
