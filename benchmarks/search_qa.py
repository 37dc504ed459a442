"""How fast a question is answered from a folder of pages, against whole pages summarised one after the other.

python benchmarks/search_qa.py --questions 5
"""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from benchmarks.search_parts.program import main

    raise SystemExit(main())
