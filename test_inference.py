"""Loads a model, writes a sentence and says what is wrong: the same as ``muai doctor``."""

import sys

from mm_orch.main import main

if __name__ == "__main__":
    raise SystemExit(main(["doctor", *sys.argv[1:]]))
