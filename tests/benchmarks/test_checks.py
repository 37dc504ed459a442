from __future__ import annotations

from benchmarks.checks import changed, is_contradicted, report

PAGE = ["(meta data) TITLE: Brell", "The bridge of Brell was opened in 1931.", "It is 240 metres long."]


def test_each_number_is_changed_in_turn() -> None:
    assert list(changed("Opened in 1931, it is 240 m long and 9 wide.")) == [
        "Opened in 1934, it is 240 m long and 9 wide.",
        "Opened in 1931, it is 243 m long and 9 wide.",
        "Opened in 1931, it is 240 m long and 2 wide.",
    ]


def test_the_table_counts_false_alarms_and_changed_numbers() -> None:
    assert not is_contradicted("The bridge of Brell was opened in 1931.", PAGE)
    rows = [
        {"label": "supported", "claim": "The bridge of Brell was opened in 1931.", "evidence": PAGE},
        {"label": "not_supported", "claim": "It was closed in 1950.", "evidence": PAGE},
    ]
    assert [line.split("|")[2].strip() for line in report(rows).splitlines()[2:]] == ["0/1", "1/1"]
