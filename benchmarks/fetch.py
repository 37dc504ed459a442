"""How long 20 pages take to be read, as a ratio to one such page measured in the same run.

Each page waits 200 ms on a server of its own (127.0.0.2, 127.0.0.3 …; robots.txt is a 404 at once). The reader
processes are warm; nothing else is kept from one round to the next. One page and 20 pages take turns.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from mm_orch.documents.extraction import ExtractionPool  # noqa: E402
from mm_orch.providers.fetch_http import HttpFetcher  # noqa: E402

PAGES = sorted((ROOT / "tests" / "fixtures" / "pages").glob("*.html"))
COUNT = 20
WAIT_S = 0.2
BUDGET = 3.0


async def serve(kilobytes: int) -> None:
    """Serve one page on each address until stdin ends; prints the port."""
    pages = [grown(page.read_bytes(), kilobytes * 1000) for page in PAGES]

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line, *_ = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
        number = int(writer.get_extra_info("sockname")[0].rpartition(".")[2])
        body, status = (
            (b"", b"404 Not Found") if b"/robots.txt" in line else (pages[number % len(pages)], b"200 OK")
        )
        await asyncio.sleep(WAIT_S if body else 0)
        head = b"HTTP/1.1 %s\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % (status, len(body))
        writer.write(head + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, hosts()[0], 0)
    port = server.sockets[0].getsockname()[1]
    others = [await asyncio.start_server(answer, host, port) for host in hosts()[1:]]
    print(port, flush=True)
    await asyncio.to_thread(sys.stdin.read)
    for each in (server, *others):
        each.close()


def grown(page: bytes, size: int) -> bytes:
    """``page`` with its paragraphs repeated until it has ``size`` bytes."""
    start, end = page.index(b"<p>"), page.rindex(b"</p>") + len(b"</p>")
    times = max(1, (size - len(page)) // (end - start) + 2) if len(page) < size else 1
    return page[:start] + page[start:end] * times + page[end:]


def hosts() -> list[str]:
    """The loopback addresses; macOS must be told of them (ifconfig lo0 alias 127.0.0.2)."""
    return [f"127.0.0.{number}" for number in range(2, 2 + COUNT)]


async def seconds(reader: ExtractionPool, urls: list[str]) -> float:
    """Wall-clock seconds for these pages, read at once by a fetcher that has seen none of them."""
    fetcher = HttpFetcher(allow_hosts=hosts(), reader=reader)
    started = time.perf_counter()
    read = await asyncio.gather(*(fetcher.fetch(url) for url in urls))
    spent = time.perf_counter() - started
    assert all(page.text for page in read)
    return spent


async def measure(port: int, rounds: int) -> dict[str, list[float]]:
    """Seconds of each round for one page and for all; a round before the first is not counted."""
    urls = [f"http://{host}:{port}/" for host in hosts()]
    taken: dict[str, list[float]] = {"1 page": [], f"{COUNT} pages": []}
    reader = ExtractionPool()
    try:
        for turn in range(rounds + 1):
            one = await seconds(reader, [urls[turn % COUNT]])
            many = await seconds(reader, urls)
            if turn:
                taken["1 page"].append(one)
                taken[f"{COUNT} pages"].append(many)
    finally:
        reader.close()
    return taken


def report(taken: dict[str, list[float]]) -> list[dict[str, object]]:
    """A row each: median, fastest and slowest seconds, ratio to one page, what is allowed, and if it is kept."""
    one = statistics.median(taken["1 page"])
    rows: list[dict[str, object]] = []
    for name, times in taken.items():
        median = statistics.median(times)
        budget = BUDGET if name != "1 page" else None
        row = {"what": name, "seconds": round(median, 3), "fastest": round(min(times), 3)}
        row |= {"slowest": round(max(times), 3), "ratio": round(median / one, 2), "budget": budget}
        rows.append(row | {"ok": None if budget is None else median / one <= budget})
    return rows


def main() -> int:
    """Print the table, or JSON; 1 when the budget is not kept to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--kb", type=int, default=0, help="repeat the paragraphs until a page has so many KB")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.serve:
        asyncio.run(serve(chosen.kb))
        return 0
    command = [sys.executable, __file__, "--serve", "--kb", str(chosen.kb)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            rows = report(asyncio.run(measure(int(server.stdout.readline()), chosen.rounds)))
        finally:
            server.terminate()
    if chosen.json:
        print(json.dumps({"rounds": chosen.rounds, "wait_s": WAIT_S, "rows": rows}, indent=2))
    else:
        print(f"{'what':<12} {'seconds':>8} {'fastest':>8} {'slowest':>8} {'ratio':>6} {'at most':>8}")
        for row in rows:
            print(
                "{what:<12} {seconds:>8} {fastest:>8} {slowest:>8} {ratio:>6} {0:>8}".format(
                    row["budget"] or "", **row
                )
            )
    return 1 if any(row["ok"] is False for row in rows) else 0


if __name__ == "__main__":
    raise SystemExit(main())
