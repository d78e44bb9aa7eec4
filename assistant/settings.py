"""Settings: few keys, typed and bounded; from the environment (`ZHENGWEN_…`) or `zhengwen.toml` in the home directory."""

from __future__ import annotations

import hashlib
import ipaddress
import json
import os
import re
import stat
import tomllib
from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_data_path
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
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


class Portal(BaseModel):
    """A site that embeds the assistant: a table `[portal.NAME]` of the settings file."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    origins: tuple[Annotated[str, Field(pattern=r"^https?://[^/\s,;\"']+$")], ...] = ()
    """Sites that may frame the page and call the API from a browser: `https://oa.example.cn`."""
    secret: SecretStr | None = Field(default=None, min_length=32)
    """Signs the portal's tokens by HS256; at least 32 characters."""
    public_key: str | None = Field(default=None, pattern=r"^\s*-----BEGIN PUBLIC KEY-----")
    """PEM of the key whose private half signs the portal's tokens (RS256, ES256 or EdDSA)."""
    regions: tuple[str, ...] = ()
    """Places whose reports its users are answered from; empty means all."""
    asks_per_minute: int = Field(default=600, ge=1, le=100_000)
    """Questions of all its users together."""

    @model_validator(mode="after")
    def _signs_one_way(self) -> Portal:
        if self.secret is not None and self.public_key is not None:
            raise ValueError("secret 和 public_key 只能写一个")
        return self


class Settings(BaseSettings):
    """All that can be set. A key that is not listed here is refused."""

    # What was typed stays out of errors: it may be a key, in the right field or in a misspelt one.
    model_config = SettingsConfigDict(env_prefix="ZHENGWEN_", extra="forbid", frozen=True, hide_input_in_errors=True)

    home: Path = Field(default_factory=_default_home)
    """Data directory: library, index, model cache."""
    keep_originals: bool = True
    """Whether the files that reports are read from are kept in the data directory, for 看原件."""
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
    llm_reads: Literal["auto", "passages", "extract"] = "auto"
    """What the language model is shown: whole `passages`, from which it answers in its own words, or the reader's `extract`, which it
    rewords; `auto` puts three questions to a service at the start and lets a model that answers them read passages."""
    llm_price_prompt: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    llm_price_completion: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    """What a million tokens of prompt, and of what the model writes, cost in yuan; where both are set, each answer says what it cost."""
    llm_patience: float = Field(default=8, ge=0.1, le=300, allow_inf_nan=False)
    """Seconds without a sign of life after which the language model is given up."""
    llm_deadline: float = Field(default=60, ge=1, le=600, allow_inf_nan=False)
    """Seconds that a whole completion may take."""

    portal: dict[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")], Portal] = Field(default_factory=dict)
    """The portals by name, one table `[portal.NAME]` each."""
    sign_in: bool | None = None
    """Whether everybody must sign in; not set means: once there is a key, a portal, a provider or a proxy's user, all but this machine itself."""
    trusted_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    """Names under which the service is reached, besides its address; separated by commas."""
    trusted_proxies: Annotated[tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...], NoDecode] = ()
    """Addresses of the reverse proxies whose forwarded headers are believed; separated by commas."""
    proxy_user_header: str | None = Field(default=None, pattern=r"^[A-Za-z][A-Za-z0-9-]*$")
    """The header in which such a proxy says who has signed in with it."""
    upload_scanner: str = ""
    """A command that is given the path of each file that is sent to the page; unless it ends with 0, the file is refused."""
    oidc_issuer: str | None = Field(default=None, pattern=r"^https?://[^\s?#@]+$")
    """The OpenID Connect provider with which people sign in who open the page: https://sso.example.cn/realms/org."""
    oidc_client_id: str = Field(default="", max_length=200, validate_default=True)
    """What the service is called there."""
    oidc_client_secret: SecretStr | None = None
    """Its secret there, where it has one."""
    oidc_user_claim: str = Field(default="sub", pattern=r"^[A-Za-z0-9_.:/-]{1,100}$")
    """The claim that names the user in limits and in the audit log."""
    root_path: str = Field(default="", pattern=r"^(/[A-Za-z0-9_.~-]+)*$")
    """The path under which a proxy shows the service: /assistant."""
    asks_per_minute: int = Field(default=30, ge=1, le=100_000)
    """Questions of one user who has signed in or comes from another machine."""
    audit_days: int = Field(default=180, ge=180, le=36_500)
    """Days for which the audit log is kept."""

    @field_validator("trusted_hosts", "trusted_proxies", mode="before")
    @classmethod
    def _parts(cls, value: object) -> object:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("trusted_proxies")
    @classmethod
    def _are_not_everybody(
        cls, value: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]
    ) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
        if any(network.prefixlen == 0 for network in value):
            raise ValueError("不能写所有地址：谁都可以冒充代理")
        return value

    @field_validator("root_path", mode="before")
    @classmethod
    def _without_last_slash(cls, value: object) -> object:
        return value.rstrip("/") if isinstance(value, str) else value

    @field_validator("chroma_url", "llm_base_url", "llm_api_key", "oidc_issuer", "oidc_client_secret", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("oidc_client_id")
    @classmethod
    def _goes_with_the_issuer(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("oidc_issuer") and not value:
            raise ValueError("设置了 oidc_issuer，就要写上在那里登记的 client id")
        return value

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
    def llm_price(self) -> tuple[float, float] | None:
        """Yuan for a million tokens of prompt and of completion, where both are set."""
        prompt, completion = self.llm_price_prompt, self.llm_price_completion
        return None if prompt is None or completion is None else (prompt, completion)

    @property
    def reads(self) -> Literal["auto", "passages", "extract"]:
        """`llm_reads`, but `auto` keeps models that run on this machine to the extract: on a processor, a page of passages takes them a minute."""
        is_here = self.llm == DEMO_LLM or self.llm.partition(":")[0] == "gguf"
        return "extract" if is_here and self.llm_reads == "auto" else self.llm_reads

    @property
    def fingerprint(self) -> str:
        """12 hex digits over the settings that can change an answer; where the page listens and what it shows are not.

        Nor are the language model's key and times: whether it wrote an answer is told by the answer itself.
        """
        answering = self.model_dump(mode="json", exclude=_NOT_ANSWERING)
        return hashlib.sha256(json.dumps(answering, sort_keys=True).encode()).hexdigest()[:12]


_NOT_ANSWERING = {
    *(
        "home",
        "host",
        "port",
        "evaluation",
        "keep_originals",
        "llm_api_key",
        "llm_patience",
        "llm_deadline",
        "llm_price_prompt",
        "llm_price_completion",
        "portal",
        "sign_in",
    ),
    *("trusted_hosts", "trusted_proxies", "proxy_user_header", "root_path", "asks_per_minute", "audit_days"),
    *("upload_scanner", "oidc_issuer", "oidc_client_id", "oidc_client_secret", "oidc_user_claim"),
}
"""Settings that cannot change an answer."""

_WHAT_IS_WRONG = {
    "bool_parsing": "要写成 true 或 false",
    "extra_forbidden": "没有这一项",
    "finite_number": "要写成数字",
    "float_parsing": "要写成数字",
    "float_type": "要写成数字",
    "greater_than_equal": "不能小于 {ge}",
    "int_parsing": "要写成整数",
    "less_than_equal": "不能大于 {le}",
    "ip_any_network": "要写成 IP 地址或网段，例如 10.0.0.0/8",
    "string_pattern_mismatch": "写法不对，请对照 README 的说明（地址要以 http:// 或 https:// 开头）",
    "string_too_short": "太短了，至少 {min_length} 个字符",
    "too_short": "太短了，至少 {min_length} 个字符",
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
    try:
        _refuse_an_open_key_file()
        return Settings(**overrides)  # type: ignore[arg-type]  # pydantic checks the values
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        said = _WHAT_IS_WRONG.get(first["type"], first["msg"]).format(**first.get("ctx", {}))
        raise SettingsError(f"设置 {key} 不能用：{said}", "可用的设置见 README 的“设置”一节。") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        place = re.search(r"line (\d+)", str(error))
        said = f"第 {place[1]} 行写法不对" if place else "不是 UTF-8 文字，或者没有写完"
        hint = '每行一项，例如 top_k = 5；文字要加引号，例如 host = "0.0.0.0"。'
        raise SettingsError(f"设置文件 {_settings_file()} {said}。", hint) from error
    except OSError as error:
        raise SettingsError(f"设置文件读不出来：{_settings_file()}（{error.strerror}）", "检查它的权限。") from error


def _refuse_an_open_key_file() -> None:
    """Raise `SettingsError` where the settings file holds a key and others on this machine can read it."""
    path = _settings_file()
    # The permission bits of Windows say nothing about who can read a file.
    if os.name != "posix" or not path.is_file() or not stat.S_IMODE(path.stat().st_mode) & 0o077:
        return
    written = tomllib.loads(path.read_text("utf-8"))
    portals = written.get("portal")
    tables = portals.values() if isinstance(portals, dict) else ()
    if (
        written.get("llm_api_key")
        or written.get("oidc_client_secret")
        or any(isinstance(table, dict) and table.get("secret") for table in tables)
    ):
        raise SettingsError("zhengwen.toml 里有密钥，却能被这台机器上的其他人读到。", f"请运行 chmod 600 {path}")
