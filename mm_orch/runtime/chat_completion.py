"""OpenAI's shapes for a chat answer: the whole one, and the chunks of a stream."""

from __future__ import annotations

import time
import uuid
from collections.abc import Generator
from contextlib import closing
from typing import Any

from mm_orch.records.generation import GenerationEvent, GenerationResult, TextChunk
from mm_orch.records.usage import Usage


def completion(model: str, result: GenerationResult) -> dict[str, Any]:
    """A ``chat.completion``."""
    message = {"role": "assistant", "content": result.text}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": result.finish_reason}
    return {**_head(model, "chat.completion"), "choices": [choice], "usage": usage(result.usage)}


def chunks(model: str, events: Generator[GenerationEvent]) -> Generator[dict[str, Any]]:
    """``chat.completion.chunk`` objects: the role, then pieces of content, then the reason for the end."""
    head = _head(model, "chat.completion.chunk")
    with closing(events):
        yield _chunk(head, {"role": "assistant"})
        for event in events:
            if isinstance(event, TextChunk):
                yield _chunk(head, {"content": event.text})
            else:
                yield {**_chunk(head, {}, event.finish_reason), "usage": usage(event.usage)}


def usage(count: Usage) -> dict[str, Any]:
    """Token counts under OpenAI's names."""
    return {
        "prompt_tokens": count.prompt_tokens,
        "completion_tokens": count.completion_tokens,
        "total_tokens": count.prompt_tokens + count.completion_tokens,
        "prompt_tokens_details": {"cached_tokens": count.cached_tokens},
    }


def _head(model: str, kind: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{uuid.uuid4()}", "object": kind, "created": int(time.time()), "model": model}


def _chunk(head: dict[str, Any], delta: dict[str, str], reason: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
    return {**head, "choices": [choice]}
