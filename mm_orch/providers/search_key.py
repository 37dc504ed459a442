"""The key of a provider that wants one: where it comes from, and that nobody gets to see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mm_orch.errors import SearchError

_SHORTEST = 4  # characters: what is shorter is no key, and would be found in any text


@dataclass(frozen=True, slots=True)
class ApiKey:
    """The key that the environment variable ``variable`` holds; ``page`` is where a person gets one."""

    provider: str
    variable: str
    page: str
    value: str = field(default="", repr=False)

    @classmethod
    def read(cls, provider: str, variables: Sequence[str], page: str, environment: Mapping[str, str]) -> ApiKey:
        """The first of ``variables`` that is set in ``environment``; without one, a key that is missing."""
        value = next((found for name in variables if (found := environment.get(name, "").strip())), "")
        return cls(provider, variables[0], page, value)

    def header(self, name: str, scheme: str = "") -> dict[str, str]:
        """The request header that carries the key. Raises ``SearchError`` when there is none that could be sent."""
        if not self.value:
            hint = f"Get a key at {self.page} and set {self.variable} to it, or name another provider with --search"
            raise SearchError(f"{self.provider} needs a key, and {self.variable} is not set", hint=hint)
        if not (self.value.isascii() and self.value.isprintable()) or " " in self.value:
            hint = "Copy the key again, without anything around it"
            raise SearchError(f"{self.variable} holds characters that no key of {self.provider} has", hint=hint)
        return {name: f"{scheme} {self.value}".strip()}

    def hidden_in(self, text: str) -> str:
        """``text`` with ``…`` in place of the key."""
        return text.replace(self.value, "…") if len(self.value) >= _SHORTEST else text
