"""Settings: few keys, typed and bounded; from the environment (`ZHENGWEN_…`) or `zhengwen.toml` in the home directory."""

from __future__ import annotations

import hashlib
import ipaddress
import json
import os
from pathlib import Path

from platformdirs import user_data_path
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from assistant.errors import SettingsError

BUNDLED_MODEL = "bundled"


def _default_home() -> Path:
    return user_data_path("zhengwen")


class Settings(BaseSettings):
    """All that can be set. A key that is not listed here is refused."""

    model_config = SettingsConfigDict(env_prefix="ZHENGWEN_", extra="forbid", frozen=True)

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

    @field_validator("chroma_url", mode="before")
    @classmethod
    def _no_address_is_none(cls, value: object) -> object:
        return None if value == "" else value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        home = Path(os.environ.get("ZHENGWEN_HOME") or _default_home())
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, home / "zhengwen.toml")

    @property
    def shows_evaluation(self) -> bool:
        """Whether the page offers evaluation to whoever reaches it."""
        return is_loopback(self.host) if self.evaluation is None else self.evaluation

    @property
    def fingerprint(self) -> str:
        """12 hex digits over the settings that can change an answer; where the page listens and what it shows are not."""
        answering = self.model_dump(mode="json", exclude={"home", "host", "port", "evaluation"})
        return hashlib.sha256(json.dumps(answering, sort_keys=True).encode()).hexdigest()[:12]


_WHAT_IS_WRONG = {
    "bool_parsing": "要写成 true 或 false",
    "extra_forbidden": "没有这一项",
    "greater_than_equal": "不能小于 {ge}",
    "int_parsing": "要写成整数",
    "less_than_equal": "不能大于 {le}",
    "string_pattern_mismatch": "要写成 http:// 或 https:// 开头的地址",
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
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # pydantic checks the values
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        said = _WHAT_IS_WRONG.get(first["type"], first["msg"]).format(**first.get("ctx", {}))
        raise SettingsError(f"设置 {key} 不能用：{said}", "可用的设置见 README 的“设置”一节。") from error
