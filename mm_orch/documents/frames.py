"""Messages between the reader process and its parent: a JSON head and a body, each with its length before it."""

from __future__ import annotations

import json
import struct
from typing import IO

_LENGTHS = struct.Struct(">II")

Head = dict[str, str | None]


def write_frame(pipe: IO[bytes], head: Head, body: bytes) -> None:
    """Send one message. Raises ``OSError`` or ``ValueError`` when the other side is gone."""
    packed = json.dumps(head).encode("ascii")
    pipe.write(_LENGTHS.pack(len(packed), len(body)) + packed)
    pipe.write(body)
    pipe.flush()


def read_frame(pipe: IO[bytes]) -> tuple[Head, bytes]:
    """Wait for one message. Raises ``EOFError`` when the other side is gone."""
    head_length, body_length = _LENGTHS.unpack(_exactly(pipe, _LENGTHS.size))
    head: Head = json.loads(_exactly(pipe, head_length))
    return head, _exactly(pipe, body_length)


def _exactly(pipe: IO[bytes], count: int) -> bytes:
    data = pipe.read(count)
    if len(data) < count:
        raise EOFError("the pipe ended")
    return data
