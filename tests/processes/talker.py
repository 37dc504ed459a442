"""A child for the tests: answers what it is asked to do."""

from __future__ import annotations

import os
import sys
import time

from mm_orch.processes.frames import Head
from mm_orch.processes.inside import Parent


def answer(head: Head, body: bytes) -> tuple[Head, bytes]:
    if "sleep" in head:
        print("sleeping", file=sys.stderr, flush=True)
        time.sleep(head["sleep"])
    if "exit" in head:
        print("no more\x00 of this", file=sys.stderr, flush=True)
        os._exit(head["exit"])
    print("a library prints this to stdout", flush=True)
    return {**head, "pid": os.getpid(), "variable": os.environ.get("TALKER"), "stdin": sys.stdin.read()}, body


if __name__ == "__main__":
    Parent().serve(answer)
