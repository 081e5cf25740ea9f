"""The rain of points under which attacks fall: a Poisson process in the plane of time and intensity.

An attack happens where a point lies below the curve of the intensity (Poisson embedding). The points are the same in
every scenario with the same seed and replication, so scenarios are compared under common random numbers: two curves
that agree in some month have the same attacks in it. The plane is cut into cells, one strip of intensity high and one
block of time long; the points of a cell are a pure function of seed, replication, theatre, strip and block, and are
drawn only where the intensity reaches. Height and length are constants: they define the futures.
"""

from sim.rules.state import MOST_POINTS, TOO_MANY_ATTACKS, State
from sim.rules.streams import Streams, seek, uniform
from sim.rules.variates import poisson

STRIP_HEIGHT = 0.125  # attacks per day
BLOCK_DAYS = 32.0
CELL_MEAN = 4.0  # STRIP_HEIGHT * BLOCK_DAYS
CELL_MOST = 31  # a cell with more points has a chance of 1e-18
STRIPS = 256  # the plane reaches 32 attacks per day and theatre

CELL_UNIFORMS = 64  # places of a cell in its theatre's stream
POINT_UNIFORMS = 16  # places of a point in its theatre's stream of outcomes
POINT_DRAWS = 13  # of them in use: how many uniforms one attack draws at most, in all rules together
STRIP_STRIDE = 1_000_003  # cells between a strip's block and the next strip's


def reach(s: State, r: Streams, k: int, intensity: float) -> None:
    """Draw theatre ``k``'s points of the present block up to ``intensity``, and tell if that is above the plane."""
    block = int(s.now / BLOCK_DAYS)
    if block != s.block[k]:
        s.block[k] = block
        s.strips[k] = 0
        s.points[k] = 0
        s.passed[k] = 0
    strips = int(intensity / STRIP_HEIGHT) + 1
    if strips > STRIPS:
        s.given_up = TOO_MANY_ATTACKS
        strips = STRIPS
    while s.strips[k] < strips:
        _draw_cell(s, r, k, s.strips[k])
        s.strips[k] += 1


def _draw_cell(s: State, r: Streams, k: int, strip: int) -> None:
    """Draw the points of one cell and file those to come by time."""
    cell = strip * STRIP_STRIDE + s.block[k]
    seek(r.attack_times, k, cell * CELL_UNIFORMS)
    count = poisson(CELL_MEAN, CELL_MOST, uniform(r.attack_times, k))
    for i in range(count):
        time = (s.block[k] + uniform(r.attack_times, k)) * BLOCK_DAYS
        height = (strip + uniform(r.attack_times, k)) * STRIP_HEIGHT
        if time > s.now:
            _file(s, k, time, height, (cell * (CELL_MOST + 1) + i) * POINT_UNIFORMS)


def _file(s: State, k: int, time: float, height: float, place: int) -> None:
    """Put a point among those of the block, in order of time."""
    first = k * MOST_POINTS
    if s.points[k] == MOST_POINTS:
        s.given_up = TOO_MANY_ATTACKS
        return
    i = first + s.points[k]
    while i > first and s.point_time[i - 1] > time:
        s.point_time[i] = s.point_time[i - 1]
        s.point_height[i] = s.point_height[i - 1]
        s.point_place[i] = s.point_place[i - 1]
        i -= 1
    s.point_time[i] = time
    s.point_height[i] = height
    s.point_place[i] = place
    s.points[k] += 1


def next_point(s: State, k: int, intensity: float) -> int:
    """Return the number of theatre ``k``'s first point of the block after now and below ``intensity``, or -1."""
    first = k * MOST_POINTS
    while s.passed[k] < s.points[k] and s.point_time[first + s.passed[k]] <= s.now:
        s.passed[k] += 1
    for i in range(first + s.passed[k], first + s.points[k]):
        if s.point_height[i] < intensity:
            return i
    return -1


def block_end(s: State, k: int) -> float:
    """Return the time at which theatre ``k``'s present block ends."""
    return (s.block[k] + 1) * BLOCK_DAYS
