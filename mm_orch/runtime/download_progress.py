"""How far a download is: what is told, and the class that stands in for tqdm's bar to learn it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self


@dataclass(frozen=True, slots=True)
class DownloadProgress:
    """``done`` of ``total`` bytes of file ``name`` are here; ``total`` 0 is unknown."""

    name: str
    done: int
    total: int


Progress = Callable[[DownloadProgress], None]


class _Bar:
    """What huggingface_hub calls on a bar; one is made for each file. Options that say how to draw are left."""

    name: str
    size: int | None
    told: Progress | None

    def __init__(self, *_: object, total: int | None = None, initial: int = 0, **__: object) -> None:
        self.total, self.n = total, initial

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def update(self, count: int = 1) -> None:
        self.n += count
        if self.told is not None:
            self.told(DownloadProgress(self.name, self.n, self.size or self.total or 0))

    def update_transfer(self, count: int = 1) -> None:
        """Bytes on the wire; those of the content are what is told."""

    def set_postfix_str(self, *_: object, **__: object) -> None:
        """Speeds are left to who shows the progress."""

    set_transfer_postfix_str = set_postfix_str

    def close(self) -> None:
        """Nothing was drawn."""


def bar_class(name: str, size: int | None, told: Progress | None) -> type[_Bar]:
    """A class for ``tqdm_class`` that reports on the file ``name`` of ``size`` bytes to ``told``."""
    told_once = None if told is None else staticmethod(told)
    return type("Bar", (_Bar,), {"name": name, "size": size, "told": told_once})
