"""Fetching GGUF files from a Hugging Face hub into its standard cache: which ones, of which commit, when.

``hub_transfer`` moves the bytes and checks them; ``hub_cache`` knows where they go.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mm_orch import __version__
from mm_orch.errors import DownloadError, ModelError, ModelNotFound
from mm_orch.records.model_config import ModelConfig
from mm_orch.runtime import hub_cache, model_loader
from mm_orch.runtime.download_progress import Progress
from mm_orch.runtime.hub_transfer import HubFile, Transfer
from mm_orch.runtime.model_name import repository

logger = logging.getLogger(__name__)
_SHA1, _SHA256 = re.compile("[0-9a-f]{40}"), re.compile("[0-9a-f]{64}")
_ESCAPE = re.compile(r"(^|/)\.\.(/|$)|^/|^\w:|\\")  # up, to a root, to a drive, or into a folder on Windows alone


@dataclass(frozen=True, slots=True)
class Download:
    """What is going to be fetched: ``files`` of ``repo`` as of ``commit`` (40 hex digits), into ``folder``."""

    repo: str
    files: tuple[HubFile, ...]
    folder: Path
    commit: str

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)


Announce = Callable[[Download], None]


def fetch_if_missing(
    config: ModelConfig, offline: bool, announce: Announce | None = None, progress: Progress | None = None
) -> Path:
    """The model's file; fetched first where it is not here. What is in it is not looked at.

    Under ``offline`` nothing is fetched: ``ModelNotFound`` names the command that does.
    """
    path = model_loader.find(config)
    if path is None and offline:
        raise model_loader.not_here(config)
    return path or fetch(config, offline, announce, progress)


def fetch(
    config: ModelConfig, offline: bool, announce: Announce | None = None, progress: Progress | None = None
) -> Path:
    """Fetch what the configuration names and return its (first) file; what is there already is not fetched again.

    Honours ``HF_ENDPOINT``, ``HF_HOME``, ``HF_HUB_CACHE``, ``HF_TOKEN`` and ``HF_HUB_OFFLINE``. ``config.sha256``
    is what the (first) file must have. ``announce`` is called before anything is fetched, ``progress`` meanwhile.
    A download that breaks off goes on from there the next time; only what is whole and checked gets its name.
    Raises ``ModelNotFound`` for a repository or file that is not there, ``DownloadError`` for everything else.
    """
    config.check_usable()
    name = config.model_name
    wanted = repository(name)
    if wanted is None:
        raise ModelNotFound(f"{name!r} is not a repository", hint="Write it as user/repo or user/repo:QUANT")
    if offline or os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "ON", "YES", "TRUE"):
        raise DownloadError(f"{name!r} cannot be fetched offline", hint="Leave out --offline and HF_HUB_OFFLINE")
    with _errors_named(name):
        commit, listed = _listing(wanted.repo, config.revision)
        names = model_loader.choose(listed, wanted, config)
        download = Download(wanted.repo, tuple(listed[one] for one in names), hub_cache.folder(), commit)
        _check_pin(download.files[0], config.sha256)
        (announce or _log)(download)
        paths = [_fetch(download, file, progress) for file in download.files]
        hub_cache.record(wanted.repo, config.revision or "main", commit, download.folder)
    return paths[0]


def _log(download: Download) -> None:
    size = f"{download.size / 1e6:,.0f} MB"
    names = ", ".join(file.name for file in download.files)
    logger.warning("fetching %s (%s, %s) into %s", download.repo, names, size, download.folder)


def _listing(repo: str, revision: str | None) -> tuple[str, dict[str, HubFile]]:
    """The commit that ``revision`` is, and its GGUF files by name.

    Names that would leave the folder are refused; those of contents and commits are used as names of files too.
    """
    hub = _hub()
    api = hub.HfApi(endpoint=_endpoint(), library_name="muai", library_version=__version__)
    info = api.model_info(repo, revision=revision, files_metadata=True, timeout=30)
    if not _SHA1.fullmatch(info.sha or "") or (_SHA1.fullmatch(revision or "") and info.sha != revision):
        raise DownloadError(
            f"the hub names the commit {info.sha!r} for {repo!r}", hint="That is no answer of a hub"
        )
    files: dict[str, HubFile] = {}
    for sibling in info.siblings or ():
        if sibling.rfilename.lower().endswith(".gguf"):
            _refuse_escape(repo, sibling.rfilename)
            files[sibling.rfilename] = _hub_file(repo, sibling)
    return info.sha, files


def _hub_file(repo: str, sibling: Any) -> HubFile:
    content = sibling.lfs.sha256 if sibling.lfs else sibling.blob_id
    if not (_SHA256 if sibling.lfs else _SHA1).fullmatch(content or "") or not isinstance(sibling.size, int):
        told = f"size {sibling.size!r} and hash {content!r}"
        raise DownloadError(
            f"the hub tells {told} for {sibling.rfilename!r} of {repo!r}", hint="It cannot be checked"
        )
    return HubFile(sibling.rfilename, sibling.size, content)


def _refuse_escape(repo: str, name: str) -> None:
    if _ESCAPE.search(name) or not name.isprintable():
        raise DownloadError(f"{repo!r} has a file named {name!r}, which would leave its folder")


def _check_pin(file: HubFile, given: str | None) -> None:
    if given is not None and given.lower() != file.content:
        hint = "It is not the file that sha256 pins: check revision, filename and sha256"
        raise DownloadError(f"{file.name!r} has sha256 {file.content} on the hub, not {given}", hint=hint)


def _fetch(download: Download, file: HubFile, progress: Progress | None) -> Path:
    """The file's place in the cache, filled if need be, its content checked either way."""
    place = hub_cache.Place(download.repo, download.commit, file.name, file.content, download.folder)
    if not place.pointer.exists():
        url = _hub().hf_hub_url(download.repo, file.name, revision=download.commit, endpoint=_endpoint())
        Transfer(file, url, progress).into(place.blob, place.lock)
        place.link()
    elif (found := file.name_of(place.pointer)) != file.content:
        place.discard()
        raise DownloadError(
            f"{file.name!r} in the cache has hash {found}, not {file.content}",
            hint="It was deleted; try again",
        )
    return place.pointer


def _hub() -> Any:
    import huggingface_hub
    from huggingface_hub import constants

    constants.HF_HUB_DISABLE_TELEMETRY = True
    return huggingface_hub


def _endpoint() -> str | None:
    """Read at each call: huggingface_hub reads it once, when it is imported."""
    return (os.environ.get("HF_ENDPOINT") or "").rstrip("/") or None


@contextmanager
def _errors_named(name: str) -> Iterator[None]:
    """Turn what huggingface_hub and its HTTP client raise into MuAI's errors."""
    import httpx2
    from huggingface_hub import errors

    try:
        yield
    except ModelError:
        raise
    except errors.GatedRepoError as error:
        hint = "Accept its conditions on the hub, then set HF_TOKEN"
        raise DownloadError(f"{name!r} asks for permission", hint=hint) from error
    except errors.RevisionNotFoundError as error:
        raise ModelNotFound(f"{name!r} has no such revision", hint="Check revision") from error
    except errors.RepositoryNotFoundError as error:
        hint = "Check the spelling; for a private repository set HF_TOKEN"
        raise ModelNotFound(f"there is no repository {name!r} on the hub", hint=hint) from error
    except errors.HfHubHTTPError as error:
        status = error.response.status_code
        hint = "Set HF_TOKEN to a token that may read it" if status in (401, 403) else "Try again later"
        raise DownloadError(f"the hub answered {status} for {name!r}", hint=hint) from error
    except (errors.OfflineModeIsEnabled, errors.LocalEntryNotFoundError, httpx2.HTTPError) as error:
        hint = "Check the network, or name another hub with HF_ENDPOINT"
        raise DownloadError(f"{name!r} cannot be fetched: {_reason(error)}", hint=hint) from error
    except (OSError, ValueError, TypeError, KeyError) as error:
        # The last three are what huggingface_hub raises over an answer that is no hub's.
        raise DownloadError(f"fetching {name!r} failed: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    cause = error.__cause__ or error
    return (str(cause).strip() or type(cause).__name__).splitlines()[0]
