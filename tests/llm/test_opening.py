from __future__ import annotations

import importlib.util
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import LanguageModelError, SettingsError
from assistant.llm.chat import OLLAMA_CONTEXT
from assistant.llm.model import Usage
from assistant.llm.opening import open_language_model, shown_name
from assistant.settings import Settings, load_settings
from tests.llm.conftest import Opener, asked
from tests.llm.fault_server import TEXT, FaultServer

KEY = "sk-our-own-key-0123456789"


def test_without_a_model_there_is_none() -> None:
    assert open_language_model(Settings()) is None


def test_opening_loads_nothing_heavy_before_it_returns() -> None:
    look = (
        "import sys\n"
        "from assistant.llm.opening import open_language_model\n"
        "from assistant.settings import Settings\n"
        "assert open_language_model(Settings()) is None\n"
        "print([name for name in ('langchain', 'langchain_openai', 'openai', 'xllamacpp', 'httpx') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_opening_a_service_returns_before_its_package_is_loaded() -> None:
    look = (
        "import time\n"
        "from assistant.llm.opening import open_language_model\n"
        "from assistant.settings import Settings\n"
        "started = time.monotonic()\n"
        "model = open_language_model(Settings(llm='openai:x', llm_base_url='http://127.0.0.1:9/v1'))\n"
        "print(time.monotonic() - started)\n"
        "model.close()"
    )
    found = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert float(found.stdout) < 2  # the package alone takes longer to load


@pytest.mark.parametrize(
    ("provider", "package"), [("openai", "openai"), ("anthropic", "anthropic"), ("ollama", "ollama")]
)
def test_the_extra_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, provider: str, package: str) -> None:
    monkeypatch.setattr("assistant.llm.chat.find_spec", lambda name: None)
    with pytest.raises(LanguageModelError) as missing:
        open_language_model(Settings(llm=f"{provider}:x"))
    assert f"pip install 'zhengwen[{package}]'" in missing.value.hint


def test_the_package_of_another_provider_is_named_with_the_first_piece() -> None:
    if importlib.util.find_spec("langchain_mistralai"):
        pytest.skip("langchain-mistralai is installed: `pip uninstall langchain-mistralai` and this runs")
    model = open_language_model(Settings(llm="mistralai:mistral-large", llm_patience=30))
    assert model is not None
    with pytest.raises(LanguageModelError, match="langchain-mistralai"):
        list(model.complete(asked(), longest=10))
    model.close()


@pytest.mark.parametrize(
    ("llm", "name"),
    [
        ("openai:deepseek-chat", "openai:deepseek-chat"),
        ("openai:Qwen/Qwen2.5-7B-Instruct", "openai:Qwen/Qwen2.5-7B-Instruct"),
        ("openai:/srv/secret/qwen2.5-7b/", "openai:qwen2.5-7b"),
        ("openai:C:\\models\\qwen", "openai:qwen"),
        ("ollama:qwen2.5:7b", "ollama:qwen2.5:7b"),
    ],
)
def test_a_name_tells_the_model_and_no_place(llm: str, name: str) -> None:
    assert shown_name(llm) == name


def test_the_key_goes_to_the_service_and_is_shown_nowhere(
    faults: FaultServer, open_model: Opener, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    settings = Settings(llm="openai:ok", llm_api_key=KEY, llm_base_url=faults.address)  # type: ignore[arg-type]
    model = open_model("ok", llm_api_key=KEY)
    completion = model.complete(asked(), longest=100)
    assert "".join(completion) == TEXT
    assert faults.headers[0]["authorization"] == f"Bearer {KEY}"
    assert KEY not in f"{settings!r} {settings} {settings.model_dump_json()} {model!r} {vars(model)} {completion!r}"
    assert KEY not in caplog.text


def test_a_key_of_the_environment_is_not_sent_to_another_address(
    faults: FaultServer, open_model: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    list(open_model("ok").complete(asked(), longest=100))
    assert faults.headers[0]["authorization"] == "Bearer none"


def test_without_an_address_the_providers_own_environment_counts(
    faults: FaultServer, open_model: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", faults.address)
    list(open_model("ok", llm_base_url=None).complete(asked(), longest=100))
    assert faults.headers[0]["authorization"] == f"Bearer {KEY}"


def test_no_proxy_stands_between_this_machine_and_itself(
    faults: FaultServer, open_model: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert "".join(open_model("ok").complete(asked(), longest=100)) == TEXT


def test_without_a_key_the_first_piece_says_that_the_model_cannot_be_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    model = open_language_model(Settings(llm="openai:gpt-x", llm_patience=30))
    assert model is not None
    with pytest.raises(LanguageModelError, match="打不开") as refused:
        list(model.complete(asked(), longest=10))
    assert "llm_api_key" in refused.value.hint
    model.close()


def test_the_tokens_are_counted_where_the_service_counts_them(
    faults: FaultServer, open_model: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.llm import fault_server

    monkeypatch.setattr(fault_server, "_script", _counting(fault_server._script))
    completion = open_model("ok").complete(asked(), longest=100)
    list(completion)
    assert completion.usage == Usage(30, 20)


def _counting(script: Callable[..., Any]) -> Callable[..., Any]:
    return lambda mode, body, *rest: script(mode, {**body, "stream_options": {"include_usage": True}}, *rest)


@pytest.mark.parametrize(
    ("provider", "limits"),
    [
        ("anthropic", {"max_tokens": 77, "temperature": 0}),
        ("ollama", {"options": {"num_predict": 77, "num_ctx": OLLAMA_CONTEXT, "temperature": 0}}),
    ],
)
def test_other_providers_write_and_count_under_the_same_limits(
    provider: str, limits: dict[str, object], faults: FaultServer
) -> None:
    pytest.importorskip(
        f"langchain_{provider}", reason=f"`pip install '.[{provider}]' -c constraints.txt` and this runs"
    )
    address = faults.address.removesuffix("/v1")
    model = open_language_model(
        Settings(llm=f"{provider}:ok", llm_base_url=address, llm_api_key=KEY, llm_patience=30)  # type: ignore[arg-type]
    )
    assert model is not None
    for _ in range(2):  # the second after the first: connections belong to the one loop
        completion = model.complete(asked(), longest=77)
        assert "".join(completion) == TEXT
        assert completion.usage == Usage(30, 20)
    model.close()
    assert faults.requests[0].items() >= limits.items()


@pytest.mark.parametrize("provider", ["anthropic", "ollama"])
def test_other_providers_fail_in_the_same_words(provider: str, faults: FaultServer) -> None:
    pytest.importorskip(
        f"langchain_{provider}", reason=f"`pip install '.[{provider}]' -c constraints.txt` and this runs"
    )
    for override, sentence in (
        ("401", "不接受密钥"),
        ("html", "读不懂|没有写出内容|中途断开"),
        ("hang", "没有及时回应"),
    ):
        faults.override = override
        faults.gone.clear()
        settings = Settings(
            llm=f"{provider}:x",
            llm_base_url=faults.address.removesuffix("/v1"),
            llm_api_key=KEY,  # type: ignore[arg-type]
            llm_patience=1,
        )
        model = open_language_model(settings)
        assert model is not None
        model._backend.connection().result()  # type: ignore[attr-defined]  # the imports are not what is timed
        started = time.monotonic()
        with pytest.raises(LanguageModelError, match=sentence):
            list(model.complete(asked(), longest=10))
        assert time.monotonic() - started < 10
        assert KEY in str(faults.headers[-1])
        assert override != "hang" or faults.gone.wait(10)
        model.close()


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"llm": "deepseek-chat"}, "提供方:模型"),
        ({"llm": "openai:"}, "提供方:模型"),
        ({"llm_base_url": "127.0.0.1:8000"}, "http://"),
        ({"llm_base_url": f"https://user:{KEY}@host/v1"}, "http://"),
        ({"llm_patience": 0}, "不能小于"),
        ({"llm_patience": "nan"}, "数字"),
        ({"llm_deadline": "soon"}, "数字"),
        ({"llm_api_key": ["sk-inner"]}, "文字"),
        ({"llm_api_kye": "sk-inner"}, "没有这一项"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_and_never_echoed(setting: dict[str, object], said: str) -> None:
    with pytest.raises(SettingsError, match=said) as refused:
        load_settings(**setting)
    told = f"{refused.value} {refused.value.hint} {refused.value.__cause__}"
    assert "sk-inner" not in told
    assert KEY not in told


def test_what_is_left_empty_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENGWEN_LLM_BASE_URL", "")
    monkeypatch.setenv("ZHENGWEN_LLM_API_KEY", "")
    settings = load_settings()
    assert (settings.llm_base_url, settings.llm_api_key) == (None, None)


def test_the_fingerprint_knows_the_model_and_neither_its_key_nor_its_times() -> None:
    plain = Settings(llm="openai:a")
    assert Settings(llm="openai:b").fingerprint != plain.fingerprint
    assert Settings(llm="openai:a", llm_base_url="http://a/v1").fingerprint != plain.fingerprint
    same = Settings(llm="openai:a", llm_api_key=KEY, llm_patience=9, llm_deadline=99)  # type: ignore[arg-type]
    assert same.fingerprint == plain.fingerprint


def test_a_file_with_a_key_that_others_can_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENGWEN_HOME", str(tmp_path))
    file = tmp_path / "zhengwen.toml"
    file.write_text(f'llm = "openai:a"\nllm_api_key = "{KEY}"\n', "utf-8")
    file.chmod(0o640)
    with pytest.raises(SettingsError, match="密钥") as refused:
        load_settings()
    assert refused.value.hint == f"请运行 chmod 600 {file}"
    file.chmod(0o600)
    key = load_settings().llm_api_key
    assert key is not None
    assert key.get_secret_value() == KEY
    file.write_text('llm = "openai:a"\n', "utf-8")
    file.chmod(0o644)
    assert load_settings().llm == "openai:a"
