"""Where MuAI's data folders are: the shipped ones, and the user's own under MUAI_HOME."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from mm_orch.errors import ConfigError

Kind = Literal["config", "prompts", "workflows", "docs"]
_PACKAGE = Path(__file__).resolve().parent


def home() -> Path:
    """The user's folder: ``MUAI_HOME``, or the platform's place for application data. It may not exist yet."""
    chosen = os.environ.get("MUAI_HOME")
    if chosen:
        return Path(chosen).expanduser().absolute()
    import platformdirs

    return Path(platformdirs.user_data_dir("muai", appauthor=False))


def shipped(kind: Kind) -> Path:
    """MuAI's own folder of this kind: inside an installed package, or in the checkout beside it.

    Raises ``ConfigError`` when the installation is incomplete.
    """
    candidates = (_PACKAGE / "_data" / kind, _PACKAGE.parent / kind)
    for folder in candidates:
        if folder.is_dir():
            return folder
    places = " or ".join(repr(str(folder)) for folder in candidates)
    raise ConfigError(f"MuAI's own {kind!r} folder is missing: no {places}", hint="Install MuAI again")


def folders(kind: Kind) -> list[Path]:
    """The folders to read, shipped first, then the user's if there is one; what is read later wins.

    The user's ``config`` folder is ``MUAI_HOME`` itself.
    """
    own = home() if kind == "config" else home() / kind
    return [shipped(kind), *([own] if own.is_dir() else [])]
