"""An engine that does not tell how large its model is: nothing is then decided by that."""

from __future__ import annotations

from dataclasses import replace

from mm_orch.records.engine_info import EngineInfo
from mm_orch.runtime.inference_engine import InferenceEngine


class UnknownSize(InferenceEngine):
    """The engine in all but what it says of its model's size."""

    @property
    def info(self) -> EngineInfo:
        return replace(super().info, n_params=None)
