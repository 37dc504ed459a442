"""Our records as the JSON of frames, and back. Both sides of the pipe use it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from mm_orch.records.generation import GenerationRequest, GenerationResult
from mm_orch.records.generation_config import GenerationConfig
from mm_orch.records.load_spec import LoadSpec
from mm_orch.records.message import Message
from mm_orch.records.prompt_text import PromptText
from mm_orch.records.token_logprob import TokenLogprob
from mm_orch.records.usage import Usage

Prompt = tuple[Message, ...] | PromptText | str


def encode_spec(spec: LoadSpec) -> dict[str, Any]:
    """What ``decode_spec`` reads."""
    return asdict(spec) | {"heads": [_encode_messages(head) for head in spec.heads]}


def decode_spec(value: Mapping[str, Any]) -> LoadSpec:
    """What to load, as the parent sent it."""
    adapters = tuple((str(path), float(scale)) for path, scale in value["adapters"])
    heads = tuple(tuple(Message(role, content) for role, content in head) for head in value["heads"])
    return LoadSpec(**{**value, "adapters": adapters, "heads": heads})


def encode_prompt(prompt: Prompt) -> dict[str, Any]:
    """What ``decode_prompt`` reads; which spans are a person's stays known."""
    if isinstance(prompt, PromptText):
        messages = _encode_messages(prompt.messages)
        return {"spans": prompt.spans, "messages": messages, "max_history_tokens": prompt.max_history_tokens}
    if isinstance(prompt, str):
        return {"text": prompt}
    return {"messages": _encode_messages(prompt)}


def decode_prompt(value: Mapping[str, Any]) -> Prompt:
    """A prompt as the parent sent it."""
    if "text" in value:
        return str(value["text"])
    messages = tuple(Message(role, content) for role, content in value["messages"])
    if "spans" in value:
        return PromptText(
            [(text, bool(own)) for text, own in value["spans"]], messages, value["max_history_tokens"]
        )
    return messages


def encode_request(request: GenerationRequest) -> dict[str, Any]:
    """What ``decode_request`` reads."""
    config = {item.name: getattr(request.config, item.name) for item in fields(request.config)}
    config["logit_bias"] = list(request.config.logit_bias.items())
    for name in ("json_schema", "lora"):
        config[name] = None if config[name] is None else dict(config[name])
    return {
        "prompt": encode_prompt(request.prompt),
        "config": config,
        "trim_history": request.trim_history,
        "max_history_tokens": request.max_history_tokens,
        "session_id": request.session_id,
    }


def decode_request(value: Mapping[str, Any]) -> GenerationRequest:
    """A request as the parent sent it."""
    config = {**value["config"], "logit_bias": {int(token): bias for token, bias in value["config"]["logit_bias"]}}
    return GenerationRequest(
        prompt=decode_prompt(value["prompt"]),
        config=GenerationConfig(**config),
        trim_history=value["trim_history"],
        max_history_tokens=value["max_history_tokens"],
        session_id=value["session_id"],
    )


def encode_result(result: GenerationResult) -> dict[str, Any]:
    """What ``decode_result`` reads."""
    return asdict(result)


def decode_result(value: Mapping[str, Any]) -> GenerationResult:
    """A result as the child sent it."""
    logprobs = value["logprobs"] and tuple(_decode_logprob(entry) for entry in value["logprobs"])
    return GenerationResult(**{**value, "usage": Usage(**value["usage"]), "logprobs": logprobs})


def _decode_logprob(value: Mapping[str, Any]) -> TokenLogprob:
    return TokenLogprob(value["token"], value["logprob"], tuple((text, number) for text, number in value["top"]))


def _encode_messages(messages: tuple[Message, ...]) -> list[tuple[str, str]]:
    return [(message.role, message.content) for message in messages]
