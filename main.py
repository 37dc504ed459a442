"""``python main.py …`` is the same program as ``muai …``."""

from mm_orch.main import main

if __name__ == "__main__":
    raise SystemExit(main())
