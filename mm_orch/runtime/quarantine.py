"""Which models are put aside because their process keeps dying, and for how long. Not locked: its owner is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from mm_orch.engine.crash import Crash
from mm_orch.errors import ModelQuarantined
from mm_orch.records.model_config import ModelConfig

WINDOW_SECONDS = 60.0
ASIDE_SECONDS = 600.0


@dataclass(slots=True)
class _Record:
    model: ModelConfig
    crashes: list[Crash] = field(default_factory=list)
    aside_since: float | None = None


class Quarantine:
    """Puts a model aside after ``after`` crashes of one cause within ``WINDOW_SECONDS``; 0 never does.

    A cause is loading, or one and the same request. ``clock`` is in seconds, the one that crashes are timed with.
    """

    def __init__(self, after: int, clock: Callable[[], float]) -> None:
        self._after, self._clock = after, clock
        self._records: dict[str, _Record] = {}

    def add(self, model: ModelConfig, crash: Crash) -> None:
        """Count a crash of the model's process."""
        if not self._after:
            return
        record = self._records.setdefault(model.name, _Record(model))
        record.crashes = [one for one in record.crashes if crash.at - one.at < WINDOW_SECONDS] + [crash]
        counts = Counter(cause for one in record.crashes for cause in one.causes)
        if max(counts.values(), default=0) >= self._after:
            record.aside_since = crash.at

    def check(self, model: ModelConfig) -> None:
        """Raise ``ModelQuarantined`` for a model that was put aside."""
        record = self._records.get(model.name)
        if record is None or record.aside_since is None:
            return
        left = record.aside_since + ASIDE_SECONDS - self._clock()
        if left <= 0:
            del self._records[model.name]
            return
        raise ModelQuarantined(
            f"model {model.name!r} was put aside after {len(record.crashes)} crashes in a minute, for another "
            f"{max(1, round(left / 60))} min; the last: {record.crashes[-1].reason}",
            hint="Use another model or file; unload_model lifts it, engine.quarantine_after sets how many it takes",
        )

    def release(self, wanted: Callable[[ModelConfig], bool]) -> None:
        """Forget the crashes of the models that are ``wanted`` back."""
        for name in [name for name, record in self._records.items() if wanted(record.model)]:
            del self._records[name]
