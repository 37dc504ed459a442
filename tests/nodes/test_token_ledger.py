from hypothesis import given
from hypothesis import strategies as st

from mm_orch.nodes.token_ledger import TokenLedger


@given(st.integers(0, 1000), st.lists(st.integers(0, 400), max_size=12))
def test_what_is_used_never_exceeds_the_context(context: int, sizes: list[int]) -> None:
    ledger = TokenLedger(context)
    taken = [size for size in sizes if ledger.claim("passage", "p", size)]
    record = ledger.closed()
    assert record.used == sum(taken) <= context
    assert record.left == ledger.left == context - record.used


def test_what_was_cut_comes_last_and_costs_nothing() -> None:
    ledger = TokenLedger(10)
    ledger.cut("passage", "b", 20, "does not fit")
    assert ledger.claim("passage", "a", 10)
    assert not ledger.claim("passage", "c", 1)
    record = ledger.closed()
    assert [(entry.what, entry.used, entry.reason) for entry in record.entries] == [
        ("a", True, ""),
        ("b", False, "does not fit"),
    ]
    assert record.used == 10
