"""The words that make a goal or a result of a statement; the rules stand in `rules/roles.toml`."""

from __future__ import annotations

from assistant.language.ruleset import Rule, read_rules

ROLES: dict[str, Rule] = read_rules("roles")
