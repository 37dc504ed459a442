"""Text to tokens and back, for one model. Whether special tokens count is always the caller's word."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from functools import lru_cache

from mm_orch.engine.native.library import native
from mm_orch.engine.native.model import Model
from mm_orch.engine.prompt import well_formed
from mm_orch.errors import EngineError

_SPM = 1


class Vocabulary:
    """The model's tokenizer. ``bos`` is None where the model has none."""

    def __init__(self, model: Model) -> None:
        self.pointer = self._vocab = model.vocabulary
        self.n_tokens = int(native.llama_vocab_n_tokens(self._vocab))
        self.bos = self._optional(native.llama_vocab_bos(self._vocab))
        self.eos = self._optional(native.llama_vocab_eos(self._vocab))
        self.adds_bos = bool(native.llama_vocab_get_add_bos(self._vocab))
        prefix = model.metadata("tokenizer.ggml.add_space_prefix")
        self.adds_space = native.llama_vocab_type(self._vocab) == _SPM and prefix != "false"
        self.piece = lru_cache(maxsize=1 << 16)(self._piece)
        self.is_end = lru_cache(maxsize=1 << 16)(self._is_end)
        self._anchor = self._tokenize("\n", special=False) if self.adds_space else []

    def tokenize(self, text: str, *, special: bool, follows_text: bool = False) -> list[int]:
        """The tokens of ``text``, no BOS added. ``special`` lets ``<|…|>`` in it mean special tokens.

        ``follows_text`` says that ordinary text comes before it, so that a tokenizer that puts a space at the start
        of a text puts none here.
        """
        if not text:
            return []
        if not (follows_text and self._anchor):
            return self._tokenize(text, special=special)
        tokens = self._tokenize("\n" + text, special=special)
        if tokens[: len(self._anchor)] == self._anchor:
            return tokens[len(self._anchor) :]
        return self._tokenize(text, special=special)

    def tokenize_whole(self, text: str) -> list[int]:
        """The tokens of ``text`` between those that the model wants at the start and the end of a text."""
        return self._tokenize(text, special=False, whole=True)

    def detokenize(self, tokens: Iterable[int], *, special: bool = True) -> str:
        """The text of ``tokens``; special tokens are shown or left out."""
        return b"".join(self.piece(token, special) for token in tokens).decode("utf-8", "replace")

    def is_control(self, token: int) -> bool:
        """Whether ``token`` is a special one."""
        return bool(native.llama_vocab_is_control(self._vocab, token))

    def special_texts(self) -> list[str]:
        """The texts of all special tokens."""
        return [self.text_of(token) for token in range(self.n_tokens) if self.is_control(token)]

    def text_of(self, token: int | None) -> str:
        """The name of a special token, as templates write it; empty for None."""
        return "" if token is None else self._piece(token, True).decode("utf-8", "replace")

    def _tokenize(self, text: str, *, special: bool, whole: bool = False) -> list[int]:
        data = well_formed(text).encode("utf-8")
        room = len(data) + 4
        tokens = (ctypes.c_int32 * room)()
        count = native.llama_tokenize(self._vocab, data, len(data), tokens, room, whole, special)
        if count < 0:
            raise EngineError(f"llama.cpp could not tokenize a text of {len(data)} bytes (code {count})")
        return list(tokens[:count])

    def _piece(self, token: int, special: bool = False) -> bytes:
        if not 0 <= token < self.n_tokens:
            raise EngineError(f"there is no token {token!r}", hint=f"Token ids are 0 to {self.n_tokens - 1}")
        size = 64
        while True:
            buffer = ctypes.create_string_buffer(size)
            length = int(native.llama_token_to_piece(self._vocab, token, buffer, size, 0, special))
            if length >= 0:
                return buffer.raw[:length]
            size = -length

    def _is_end(self, token: int) -> bool:
        return bool(native.llama_vocab_is_eog(self._vocab, token))

    @staticmethod
    def _optional(token: int) -> int | None:
        return None if token < 0 else int(token)
