"""MuAI's front door for Python: a question answered, a text completed, in one call each."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mm_orch import app, parts, resources, settings
from mm_orch.records.query import Query
from mm_orch.records.workflow_result import WorkflowResult

if TYPE_CHECKING:
    from mm_orch.protocols import Store
    from mm_orch.runtime.real_model_manager import RealModelManager
    from mm_orch.settings import Settings


def ask(
    query: str,
    *,
    workflow: str | None = None,
    session_id: str | None = None,
    inputs: Mapping[str, Any] | None = None,
    search: Sequence[str] | str | None = None,
    **overrides: Any,
) -> WorkflowResult:
    """Send ``query`` through the router (or to ``workflow``) and return its result.

    ``inputs`` are the workflow's; ``session_id`` keys a history that lives as long as the process. ``overrides``
    are settings: ``real_models=True``, ``model="…"`` (which implies it), ``language="zh"``, ``offline=True``,
    ``search={…}``, ``generation={"seed": 1}`` … Nothing is written to disk. A model stays loaded for the next call,
    unless ``engine`` or ``offline`` is set here otherwise than in the settings. Raises ``MuAIError``.
    """
    names = search.split(",") if isinstance(search, str) else search
    if "model" in overrides:
        overrides.setdefault("real_models", True)
    if names is not None:
        overrides["search.providers"] = list(names)
    chosen = settings.load(overrides=overrides)
    with app.build(chosen, search=names, store=_store(), manager=_manager(chosen)) as built:
        return built.run(Query(query, workflow, session_id, inputs or {}, chosen.language))


def generate_text(model_name: str | None = None, prompt: str = "", **options: Any) -> str:
    """Let a real model complete ``prompt`` raw and return what it wrote.

    ``model_name`` is a name of models.yaml, a file, or ``user/repo[:QUANT]``; None is the configured model.
    ``options`` are fields of ``GenerationConfig``. The model stays loaded for the next call. Raises ``MuAIError``.
    """
    from mm_orch.runtime.inference_engine import InferenceEngine

    manager = parts.embedded_manager(resources.home())
    return InferenceEngine(model_name, manager=manager).generate(prompt, **options).text


def _manager(chosen: Settings) -> RealModelManager | None:
    """The process's manager of models, where it loads them as ``chosen`` says."""
    usual = settings.load()
    alike = (chosen.engine, chosen.offline) == (usual.engine, usual.offline)
    return parts.embedded_manager(resources.home()) if chosen.real_models and alike else None


@functools.cache
def _store() -> Store:
    return parts.open_store(keep=False)
