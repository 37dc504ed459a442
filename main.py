"""``python main.py …`` is the same program as ``muai …``."""

import sys
from importlib.util import find_spec

if find_spec("typer") is None:
    sys.exit("MuAI's packages are not installed for this Python: use ./llm, or pip install .")

from mm_orch.main import main

if __name__ == "__main__":
    sys.exit(main())
