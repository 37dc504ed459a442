"""How well search and answer work, on the question sets of ``tests/fixtures/questions``: see ``--help``.

python benchmarks/quality.py --retrieval-only
python benchmarks/quality.py --half test --model smollm2-135m
"""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from benchmarks.quality_parts.program import main

    raise SystemExit(main())
