"""What a loaded model says of itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """``n_ctx`` is the context that was made, ``n_ctx_train`` the one the model was trained with, both in tokens.

    ``device`` is ``"cpu"`` or the name of the GPU backend in use. ``warnings`` name everything that was done
    otherwise than asked: a GPU that could not be used, a chat format that had to be guessed.
    """

    n_ctx: int
    n_ctx_train: int
    n_params: int
    size_bytes: int
    architecture: str
    has_chat_template: bool
    device: str
    n_vocab: int
    can_embed: bool
    warnings: tuple[str, ...] = ()
