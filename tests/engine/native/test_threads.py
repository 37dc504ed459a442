"""How many threads compute, on a clock of the tests' own."""

from __future__ import annotations

from mm_orch.engine.native.threads import Threads


class Machine:
    """Time that passes only when told to; ``others`` is how many cores' time other programs take."""

    def __init__(self, cores: int) -> None:
        self.cores, self.others, self.now, self.used = cores, 0.0, 0.0, 0.0
        self.changes: list[int] = []
        self.threads = Threads(cores, self.changes.append, clock=lambda: self.now, cpu=lambda: self.used)

    def compute(self, seconds: float, step: float = 0.05) -> None:
        for _ in range(round(seconds / step)):
            self.threads.begin()
            self.now += step
            self.used += step * min(self.threads.count, self.cores - self.others)
            self.threads.end()


def test_all_threads_compute_while_the_machine_is_ours() -> None:
    machine = Machine(8)
    machine.compute(60)
    assert (machine.threads.count, machine.changes) == (8, [])


def test_threads_that_do_not_get_their_cores_are_let_go() -> None:
    machine = Machine(8)
    machine.others = 3.0
    machine.compute(0.5)
    assert machine.threads.count == 5


def test_one_thread_always_stays() -> None:
    machine = Machine(2)
    machine.others = 1.9
    machine.compute(5)
    assert machine.threads.count == 1


def test_all_threads_are_back_soon_after_the_others_have_gone() -> None:
    machine = Machine(4)
    machine.others = 2.0
    machine.compute(0.5)
    machine.others = 0.0
    machine.compute(2)
    assert machine.threads.count == 4


def test_beside_a_program_that_stays_all_threads_are_tried_ever_more_rarely() -> None:
    machine = Machine(4)
    machine.others = 2.0
    machine.compute(120)
    tries = machine.changes.count(4)
    assert 3 <= tries <= 9
