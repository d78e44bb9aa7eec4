"""Settings: few keys, typed and bounded; from the environment (`ZHENGWEN_…`) or `zhengwen.toml` in the home directory."""

from __future__ import annotations

import hashlib
import ipaddress
import json
import os
import stat
import tomllib
from pathlib import Path

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from assistant.errors import SettingsError

BUNDLED_MODEL = "bundled"
NO_LLM = "none"
DEMO_LLM = "demo"


def _default_home() -> Path:
    return user_data_path("zhengwen")


def _settings_file() -> Path:
    return Path(os.environ.get("ZHENGWEN_HOME") or _default_home()) / "zhengwen.toml"


class Settings(BaseSettings):
    """All that can be set. A key that is not listed here is refused."""

    # What was typed stays out of errors: it may be a key, in the right field or in a misspelt one.
    model_config = SettingsConfigDict(env_prefix="ZHENGWEN_", extra="forbid", frozen=True, hide_input_in_errors=True)

    home: Path = Field(default_factory=_default_home)
    """Data directory: library, index, model cache."""
    embedding_model: str = BUNDLED_MODEL
    """`bundled` (multilingual-e5-small from a Python package), or any sentence-transformers model by name or path."""
    chroma_url: str | None = Field(default=None, pattern=r"^https?://")
    """A Chroma server, `http://host:8000`; empty means the embedded store."""
    host: str = "127.0.0.1"
    """Where the chat page listens."""
    port: int = Field(default=7860, ge=0, le=65535)
    top_k: int = Field(default=10, ge=1, le=50)
    """Passages that retrieval hands on and `retrieved` lists."""
    evaluation: bool | None = None
    """Whether the page has the part in which gold questions are evaluated; not set means: only where this machine alone reaches it."""
    llm: str = NO_LLM
    """`none`, `demo`, `gguf:/path/to/model.gguf`, or `provider:model` as LangChain's init_chat_model knows them."""
    llm_base_url: str | None = Field(default=None, pattern=r"^https?://[^@\s]+$")
    """Where the language model is served; empty means where its provider serves it."""
    llm_api_key: SecretStr | None = None
    """The key of that service; empty means what the provider's package finds in the environment."""
    llm_patience: float = Field(default=8, ge=0.1, le=300, allow_inf_nan=False)
    """Seconds without a sign of life after which the language model is given up."""
    llm_deadline: float = Field(default=60, ge=1, le=600, allow_inf_nan=False)
    """Seconds that a whole completion may take."""

    @field_validator("chroma_url", "llm_base_url", "llm_api_key", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("llm")
    @classmethod
    def _names_a_language_model(cls, value: str) -> str:
        provider, _, model = value.partition(":")
        if value in (NO_LLM, DEMO_LLM) or (provider.strip() and model.strip()):
            return value
        raise ValueError("要写成 none、demo、gguf:文件路径 或 提供方:模型，例如 openai:deepseek-chat")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, _settings_file())

    @property
    def shows_evaluation(self) -> bool:
        """Whether the page offers evaluation to whoever reaches it."""
        return is_loopback(self.host) if self.evaluation is None else self.evaluation

    @property
    def fingerprint(self) -> str:
        """12 hex digits over the settings that can change an answer; where the page listens and what it shows are not.

        Nor are the language model's key and times: whether it wrote an answer is told by the answer itself.
        """
        answering = self.model_dump(
            mode="json",
            exclude={"home", "host", "port", "evaluation", "llm_api_key", "llm_patience", "llm_deadline"},
        )
        return hashlib.sha256(json.dumps(answering, sort_keys=True).encode()).hexdigest()[:12]


_WHAT_IS_WRONG = {
    "bool_parsing": "要写成 true 或 false",
    "extra_forbidden": "没有这一项",
    "finite_number": "要写成数字",
    "float_parsing": "要写成数字",
    "float_type": "要写成数字",
    "greater_than_equal": "不能小于 {ge}",
    "int_parsing": "要写成整数",
    "less_than_equal": "不能大于 {le}",
    "string_pattern_mismatch": "要写成 http:// 或 https:// 开头的地址",
    "string_type": "要写成文字",
    "value_error": "{error}",
}
"""Pydantic's error types in the user's language."""


def is_loopback(host: str) -> bool:
    """Whether this address is reached from this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def load_settings(**overrides: object) -> Settings:
    """Read the settings; keyword arguments win over the environment, the environment over the file.

    Raises `SettingsError` with the name of the first key that is wrong.
    """
    unknown = sorted(
        key
        for key in os.environ
        if key.startswith("ZHENGWEN_") and key.removeprefix("ZHENGWEN_").lower() not in Settings.model_fields
    )
    if unknown:
        raise SettingsError(f"不认识的设置：{unknown[0]}", "可用的设置见 README 的“设置”一节。")
    _refuse_an_open_key_file()
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # pydantic checks the values
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        said = _WHAT_IS_WRONG.get(first["type"], first["msg"]).format(**first.get("ctx", {}))
        raise SettingsError(f"设置 {key} 不能用：{said}", "可用的设置见 README 的“设置”一节。") from error


def _refuse_an_open_key_file() -> None:
    """Raise `SettingsError` where the settings file holds a key and others on this machine can read it."""
    path = _settings_file()
    # The permission bits of Windows say nothing about who can read a file.
    if os.name != "posix" or not path.is_file() or not stat.S_IMODE(path.stat().st_mode) & 0o077:
        return
    if tomllib.loads(path.read_text("utf-8")).get("llm_api_key"):
        raise SettingsError("zhengwen.toml 里有密钥，却能被这台机器上的其他人读到。", f"请运行 chmod 600 {path}")
