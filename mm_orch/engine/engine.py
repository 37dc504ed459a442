"""One loaded model with everything that serves it: what the child process holds, without the pipe."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from mm_orch.engine import gguf, grammar, host, offload
from mm_orch.engine.chat_formats import CHAT_FORMATS, PLAIN_STOPS, guess_format
from mm_orch.engine.decoder import Scales
from mm_orch.engine.native.adapters import Adapters
from mm_orch.engine.native.context import Context
from mm_orch.engine.native.devices import devices, gpu
from mm_orch.engine.native.embedder import Embedder, can_embed
from mm_orch.engine.native.library import NativeLog
from mm_orch.engine.native.model import Model
from mm_orch.engine.native.sampling import Sampler, penalizes
from mm_orch.engine.native.vocabulary import Vocabulary
from mm_orch.engine.prefix_cache import PrefixCache
from mm_orch.engine.prompt import PromptReader
from mm_orch.engine.saved_heads import SavedHeads
from mm_orch.engine.scheduler import Event, Scheduler
from mm_orch.engine.sequence import Sequence
from mm_orch.engine.templates import ChatTemplate
from mm_orch.engine.text_stream import TextStream
from mm_orch.engine.wire import decode_prompt
from mm_orch.errors import EngineBusy, EngineError, ModelLoadError, NotEnoughMemory
from mm_orch.records.generation import GenerationRequest
from mm_orch.records.load_spec import LoadSpec
from mm_orch.records.model_facts import ModelFacts


class Engine:
    """Loads at construction; raises ``ModelError``."""

    def __init__(self, spec: LoadSpec) -> None:
        self._warnings: list[str] = []
        self._spec = spec
        gguf.check(spec.path)
        self._log = NativeLog()
        self._n_slots = n_slots = min(256, 2 * spec.n_seq + 16)
        placed = offload.place(spec, gpu(), self._open)
        (self._model, self._context), self._device = placed.loaded, placed.device
        self._warnings += placed.warnings
        if spec.flash_attention and self._context.lacks_flash_attention:
            self._warnings.append("flash attention is not supported for this model on this device: it is off")
        if spec.n_ctx > self._model.n_ctx_train > 0:
            trained = self._model.n_ctx_train
            self._warnings.append(
                f"the context of {spec.n_ctx} tokens is longer than the {trained} it was trained with"
            )
        self._vocabulary = Vocabulary(self._model)
        source, self._stops = self._template(spec)
        bos, eos = (self._vocabulary.text_of(token) for token in (self._vocabulary.bos, self._vocabulary.eos))
        self._reader = PromptReader(self._vocabulary, ChatTemplate(source, bos=bos, eos=eos), self._context.n_ctx)
        cache = PrefixCache(self._context, n_slots, rolls_back=self._model.rolls_back)
        self._adapters = Adapters(self._model, self._log, spec.adapters)
        self._in_use: Scales = ()
        self._embedder: Embedder | None = None
        self._notices: list[str] = []
        self._heads = SavedHeads(spec, self._context, cache, self._reader, self._notices.append)
        self.scheduler = Scheduler(
            self._context, self._vocabulary, cache, spec.n_seq, self._use_adapters, self._reader.learn
        )

    @property
    def facts(self) -> ModelFacts:
        """What the model's file and llama.cpp say of it."""
        model = self._model
        return ModelFacts(
            n_ctx=self._context.n_ctx,
            n_ctx_train=model.n_ctx_train,
            n_params=model.n_params,
            size_bytes=model.size_bytes,
            architecture=model.metadata("general.architecture") or "",
            has_chat_template=model.metadata("tokenizer.chat_template") is not None,
            device=self._device,
            n_vocab=self._vocabulary.n_tokens,
            can_embed=can_embed(model),
            warnings=tuple(self._warnings),
        )

    def submit(self, ticket: int, request: GenerationRequest, submitted: float | None = None) -> None:
        """Queue a request; raises ``EngineError`` if it cannot be served at all."""
        if self.scheduler.n_waiting >= self._spec.n_queue:
            raise EngineBusy(f"{self._spec.n_queue} requests are waiting already", hint="Try again in a moment")
        submitted = time.monotonic() if submitted is None else submitted
        prepared = self._reader.prepare(request)
        config = request.config
        key = self._adapters.choose(config.lora)
        if self._model.rolls_back:
            self._heads.provide(request.prompt, prepared.tokens, key)
        sampler = Sampler(config, self._context, self._vocabulary, grammar.of_config(config))
        if penalizes(config):
            last = len(prepared.tokens) if config.repeat_last_n < 0 else config.repeat_last_n
            sampler.remember(prepared.tokens[-last:])
        stops = config.stop if isinstance(request.prompt, str) else (*config.stop, *self._stops)
        self.scheduler.add(Sequence(ticket, request, prepared, sampler, TextStream(stops), submitted, key))

    def step(self) -> list[Event]:
        """Move every request on by one decode; returns what there is to tell."""
        events = self.scheduler.step()
        self._heads.keep()
        return events

    def take_notices(self) -> list[str]:
        """What the user should know of since the last time."""
        notices = self._notices[:]
        del self._notices[: len(notices)]
        return notices

    def call(self, method: str, params: Mapping[str, Any]) -> Any:
        """Answer a question about the model; raises ``EngineError``."""
        if method == "count_tokens":
            return [len(self._reader.read(decode_prompt(prompt)).tokens) for prompt in params["prompts"]]
        if method == "tokenize":
            return self._vocabulary.tokenize(params["text"], special=params.get("special", False))
        if method == "detokenize":
            return self._vocabulary.detokenize(params["tokens"])
        if method == "embed":
            if self._embedder is None:
                self._embedder = Embedder(self._model, self._vocabulary, self._spec, self._log)
            return self._embedder.embed(params["texts"])
        if method == "schema_to_grammar":
            return grammar.from_schema(params["schema"])
        if method == "devices":
            return devices()
        if method == "stats":
            return self.scheduler.counts()
        if method == "render":
            return self._reader.spans(decode_prompt(params["prompt"]))
        raise EngineError(f"the engine has no method {method!r}")

    def _use_adapters(self, scales: Scales) -> None:
        if scales == self._in_use:
            return
        self._in_use = scales
        pointers = [self._adapters.pointer(path) for path, _ in scales]
        self._context.use_adapters(pointers, [scale for _, scale in scales])

    def _open(self, layers: int) -> tuple[Model, Context]:
        """The model and its cells, with so many layers on the GPU; all of it or nothing is kept."""
        _check_memory(self._spec, layers)
        model = Model(self._spec, layers, self._log)
        try:
            return model, Context(model, self._spec, self._n_slots, self._log)
        except ModelLoadError:
            model.close()
            raise

    def _template(self, spec: LoadSpec) -> tuple[str, tuple[str, ...]]:
        """The chat template's source, and the stop strings that its format needs."""
        own = spec.chat_template or self._model.metadata("tokenizer.chat_template")
        if own:
            return own, ()
        name = spec.model_type
        if name == "auto":
            name = guess_format(frozenset(self._vocabulary.special_texts()))
            self._warnings.append(f"the file has no chat template and model_type is not set: {name!r} is used")
        return CHAT_FORMATS[name], PLAIN_STOPS if CHAT_FORMATS[name] is CHAT_FORMATS["plain"] else ()


def _check_memory(spec: LoadSpec, layers: int) -> None:
    """Refuse what would not fit, before llama.cpp touches it; what is on the GPU does not stay in memory."""
    header = gguf.read_header(spec.path)
    need, available = gguf.estimate(header, spec), host.available_bytes()
    here = 1 - offload.share_on_gpu(layers, gguf.n_layers(header))
    needed = int((need.weights + need.cells) * here) + need.buffers
    if 0 < available < needed:
        raise NotEnoughMemory(
            f"{spec.path!r} needs about {needed / 1e9:.2f} GB with a context of {spec.n_ctx} tokens; "
            f"{available / 1e9:.2f} GB are available",
            hint="Close other programs, choose a smaller model, or lower the context with --ctx-size",
        )
