"""The agenda: when each process acts next, and which of them is first.

Processes play a tournament, won by the earlier time; of two at the same time the lower number wins. Place 1 is the
final, and in place ``i`` those of places ``2 i`` and ``2 i + 1`` meet; the processes themselves stand in the last half.
When the time of one changes, only its own matches are played again, so it does not matter how many others have nothing
to do.
"""

from typing import Any

from sim.clocks.parts import part


@part
def play_all(q: Any, processes: int) -> None:
    """Play every match, once the times of all processes are in place."""
    last = q.places + processes - 1
    for place in range(last | 1, 1, -2):
        left, right = place - 1, place
        wins = q.when[right] < q.when[left]
        q.winner[right >> 1] = q.winner[right] if wins else q.winner[left]
        q.when[right >> 1] = q.when[right] if wins else q.when[left]


@part
def enter(q: Any, number: int, time: float) -> None:
    """Enter when a process acts next, and play its matches again, up to the first that ends as it did."""
    place, winner = q.places + number, number
    if q.when[place] == time:
        return
    q.when[place] = time
    while place > 1:
        other = place ^ 1
        rival, its_time = q.winner[other], q.when[other]
        wins = (its_time < time) | ((its_time == time) & (other < place))  # no branches, which would be guessed wrongly
        winner, time = rival if wins else winner, min(time, its_time)
        place >>= 1
        if q.winner[place] == winner and q.when[place] == time:
            return
        q.winner[place], q.when[place] = winner, time
