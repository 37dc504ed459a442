"""What crosses the pipe of a child: a JSON head and a body of bytes, each with its length before it."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping
from typing import IO, Any

from mm_orch.errors import InvalidInput

Head = dict[str, Any]
Frame = tuple[bytes, bytes]
"""A message as it is written: lengths and head, then the body, so that a large body is never copied."""

_LENGTHS = struct.Struct(">IQ")


def encode(head: Mapping[str, Any], body: bytes = b"") -> Frame:
    """One message as it is sent; raises ``InvalidInput`` for values that JSON cannot hold.

    ASCII on the wire, so that lone surrogates cross unharmed.
    """
    try:
        packed = json.dumps(head, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidInput(f"the request holds what JSON cannot: {error}") from error
    return _LENGTHS.pack(len(packed), len(body)) + packed, body


def write(pipe: IO[bytes], frame: Frame) -> None:
    """Send one message. Raises ``OSError`` or ``ValueError`` when the other side is gone."""
    for part in frame:
        pipe.write(part)
    pipe.flush()


def read(pipe: IO[bytes]) -> tuple[Head, bytes]:
    """Wait for one message. Raises ``EOFError`` when the other side is gone, ``ValueError`` for anything else."""
    head_length, body_length = _LENGTHS.unpack(_exactly(pipe, _LENGTHS.size))
    head = json.loads(_exactly(pipe, head_length))
    if not isinstance(head, dict):
        raise ValueError("the head of a frame is a JSON object")
    return head, _exactly(pipe, body_length)


def until_end(pipe: IO[bytes]) -> Iterator[tuple[Head, bytes]]:
    """Every message up to the end of the pipe; half a message, of a process that died writing it, is none."""
    while True:
        try:
            frame = read(pipe)
        except (EOFError, OSError, ValueError):
            return
        yield frame


def _exactly(pipe: IO[bytes], count: int) -> bytes:
    data = pipe.read(count)
    if len(data) < count:
        raise EOFError("the pipe ended")
    return data
