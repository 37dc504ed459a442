"""How fast MuAI's engine is, as ratios to its peers in the same run: see ``speed/arguments.py`` for the options.

python benchmarks/engine.py --rounds 9
"""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from benchmarks.speed.program import main

    raise SystemExit(main())
