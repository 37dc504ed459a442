"""What a chat remembers between two lines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mm_orch.cli.options import RunOptions
from mm_orch.cli.progress import Silence
from mm_orch.cli.run_query import open_app

if TYPE_CHECKING:
    from mm_orch.app import App
    from mm_orch.records.workflow_result import WorkflowResult

CHAT = "chat_generate"
AUTO = "auto"


@dataclass
class ChatState:
    """``workflow`` takes plain lines, ``"auto"`` asks the router; ``result`` is the last answer's."""

    options: RunOptions
    app: App
    session_id: str | None = None
    workflow: str = CHAT
    result: WorkflowResult | None = None
    failed: bool = False
    left: bool = False

    def __post_init__(self) -> None:
        self.session_id = self.options.session
        if self.options.workflow is not None:
            self.use_workflow(self.options.workflow)

    def greeting(self) -> str:
        """Who answers."""
        chosen = self.app.settings
        return (
            f"MuAI with {chosen.model}."
            if chosen.real_models
            else "MuAI with the built-in mock (add --real-models)."
        )

    def use_workflow(self, name: str) -> None:
        """Send plain lines to ``name``. Raises ``UnknownName``."""
        self.workflow = name if name == AUTO else self.app.catalogue.get(name).name

    def use_model(self, name: str) -> None:
        """Go on with another model; the conversation stays. Raises ``UnknownName`` and ``ModelError``."""
        options = replace(self.options, model=name, real_models=True)
        app = open_app(options, Silence(), store=self.app.store)
        if self.app.manager is not None:
            self.app.manager.close()
        self.options, self.app = options, app
