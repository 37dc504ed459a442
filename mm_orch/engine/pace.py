"""How many prompt tokens a step may take, so that it lasts about as long as a cancel or a newcomer may wait."""

from __future__ import annotations

_STEP_SECONDS = 0.5
_FIRST, _LEAST = 128, 16


class Pace:
    """Starts small, and follows what was measured; never more than ``most`` tokens."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.chunk = min(_FIRST, most)

    def learn(self, n_prompt_tokens: int, n_tokens: int, seconds: float) -> None:
        """A step of ``n_tokens`` took so long; steps with hardly any prompt in them tell nothing."""
        if n_prompt_tokens >= _LEAST // 2:
            fitting = int(n_tokens / max(seconds, 1e-6) * _STEP_SECONDS)
            self.chunk = max(min(_LEAST, self._most), min(self._most, fitting))
