"""Execution: what comes between a plan and its being carried out.

Once nothing stands in the way of a phase, it is under orders: its end is fixed. Its first move comes some time after
the order. Its date may move back, in steps, each at a moment drawn between the order (or the last step) and the end as
it then stands; or it may end early. The order may be reversed on the way, and tranches may be put off. Late first moves
and tranches put off do not move the end. Without friction a phase begins at once and keeps its dates to the letter.
"""

import math

from sim.rules import holds, milestones, plan
from sim.rules.parameters import NOTHING, Parameters
from sim.rules.state import (
    PENDING,
    TOLD_AHEAD,
    TOLD_ORDERED,
    TOLD_PUT_OFF,
    TOLD_REDATED,
    TOLD_REVERSED,
    State,
    tell,
)
from sim.rules.streams import Streams, uniform
from sim.rules.variates import nearest


def give_order(s: State, p: Parameters, r: Streams, j: int) -> None:
    """Put phase ``j`` under orders, unless it is already: fix its end, its first move and what will upset it."""
    if s.phase_ordered[j] < math.inf:
        return
    s.phase_ordered[j] = s.now
    s.phase_planned_end[j] = plan.planned_end(s, p, j)
    s.phase_end[j] = s.phase_planned_end[j]
    s.phase_first_move[j] = s.now
    if not p.plan_to_execution:
        return
    _end_early(s, p, j)
    _set_first_move(s, p, j)
    if p.phase_reversal_chance[j] > 0.0 and uniform(r.execution, j) < p.phase_reversal_chance[j]:
        s.phase_reversal_at[j] = _on_the_way(s, r, j, _order(s, p, j), s.phase_end[j])
    _set_redating(s, p, r, j, _order(s, p, j), s.phase_end[j])
    if s.phase_first_move[j] > s.now:
        tell(s, TOLD_ORDERED, j, s.phase_first_move[j], s.phase_planned_end[j])


def due(s: State, j: int) -> float:
    """Return when the date of phase ``j`` moves back next, or its order is reversed."""
    return min(s.phase_redating_at[j], s.phase_reversal_at[j])


def upset(s: State, p: Parameters, r: Streams, j: int) -> None:
    """Reverse the order of phase ``j``, or move its date back."""
    if s.phase_reversal_at[j] <= s.now:
        s.phase_reversed[j] = True
        tell(s, TOLD_REVERSED, j, 0.0, 0.0)
        milestones.end_where_it_stands(s, p, j)
    else:
        _redate(s, p, r, j)


def puts_off(s: State, p: Parameters, r: Streams, j: int) -> bool:
    """Decide whether the next tranche of phase ``j`` is put off; the first and the last never are."""
    between = 1 < s.phase_tranche[j] < s.phase_tranches[j]
    if not between or not p.plan_to_execution or p.phase_unevenness[j] <= 0.0:
        return False
    if uniform(r.execution, j) >= p.phase_unevenness[j]:
        return False
    tell(s, TOLD_PUT_OFF, j, s.phase_tranche[j], 0.0)
    return True


def days_in_hand(s: State, j: int) -> float:
    """Return by how much phase ``j`` aims to end before its date: it is not late before that."""
    return max(0.0, s.phase_planned_end[j] - s.phase_end[j])


def _order(s: State, p: Parameters, j: int) -> float:
    """Return the day of the order: that of the milestone that the phase waits for, or the start of the scenario."""
    return 0.0 if p.phase_after[j] == NOTHING else s.milestone[p.phase_after[j]]


def _end_early(s: State, p: Parameters, j: int) -> None:
    """Let a phase whose date never moves back end early, by a share of the time that it has from now on."""
    days = p.phase_early_share[j] * (s.phase_end[j] - s.now)
    if days > 0.0 and nearest(p.phase_redatings[j]) == 0:
        s.phase_end[j] -= days
        tell(s, TOLD_AHEAD, j, days, s.phase_end[j])


def _set_first_move(s: State, p: Parameters, j: int) -> None:
    """Let the first move come so long after the order, but no later than the end as it stands."""
    order = _order(s, p, j)
    day = order + p.phase_first_move_share[j] * (s.phase_planned_end[j] - order)
    s.phase_first_move[j] = max(s.now, min(day, s.phase_end[j]))


def _redate(s: State, p: Parameters, r: Streams, j: int) -> None:
    """Move the end of phase ``j`` back. If it has begun, nobody more leaves for as long."""
    days = p.phase_redating_days[j]
    s.phase_redated[j] += 1
    if s.phase[j] == PENDING:
        s.phase_end[j] += days
        _set_first_move(s, p, j)
        end = s.phase_end[j]
    else:
        s.phase_shift[j] += days
        end = plan.date(s, p, j, plan.last_tranche(s, j))
    tell(s, TOLD_REDATED, j, days, end)
    _set_redating(s, p, r, j, s.now, end)
    holds.set_slipping(s, p)


def _set_redating(s: State, p: Parameters, r: Streams, j: int, after: float, end: float) -> None:
    s.phase_redating_at[j] = math.inf
    if s.phase_redated[j] < nearest(p.phase_redatings[j]):
        s.phase_redating_at[j] = _on_the_way(s, r, j, after, end)


def _on_the_way(s: State, r: Streams, j: int, after: float, end: float) -> float:
    """Draw a moment between two, every one as likely; if it is past, it is now."""
    return max(s.now, after + uniform(r.execution, j) * (end - after))
