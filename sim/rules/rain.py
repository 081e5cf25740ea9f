"""The rain: random points in the plane of time and intensity, from which attacks are made (a Poisson process).

Each point below the curve of the intensity is an attack (Poisson embedding). The points are the same in every scenario
with the same seed and replication, so scenarios share common random numbers: if the intensity is the same in some
month, so are the attacks. The plane is cut into cells, each one strip of intensity high and one block of time long.
The points of a cell depend only on seed, replication, theatre, strip and block, and are drawn only where the intensity
reaches. The height and length of a cell are constants, since changing them would change every future.
"""

from sim.rules.state import MOST_POINTS, TOO_MANY_ATTACKS, State
from sim.rules.streams import Streams, seek, uniform
from sim.rules.variates import poisson

STRIP_HEIGHT = 0.125  # attacks per day
BLOCK_DAYS = 32.0
CELL_MEAN = 4.0  # STRIP_HEIGHT * BLOCK_DAYS
CELL_MOST = 31  # the chance of more points in a cell is 1e-18
STRIPS = 256  # so the plane reaches 32 attacks per day in a theatre

CELL_UNIFORMS = 64  # places reserved for a cell in its theatre's stream
POINT_UNIFORMS = 16  # places reserved for a point in its theatre's stream of outcomes
POINT_DRAWS = 13  # the most uniforms that one attack draws, in all rules together
STRIP_STRIDE = 1_000_003  # from a block of one strip to the same block of the next, in cells


def draw_points(s: State, r: Streams, k: int, intensity: float) -> None:
    """Draw the points of theatre ``k`` in the current block up to ``intensity``; give up if that is above the plane."""
    block = block_of(s.now)
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
    """Draw the points of one cell and file those still to come."""
    cell = strip * STRIP_STRIDE + s.block[k]
    seek(r.attack_times, k, cell * CELL_UNIFORMS)
    count = poisson(CELL_MEAN, CELL_MOST, uniform(r.attack_times, k))
    for i in range(count):
        time = (s.block[k] + uniform(r.attack_times, k)) * BLOCK_DAYS
        height = (strip + uniform(r.attack_times, k)) * STRIP_HEIGHT
        if time > s.now:
            _file(s, k, time, height, (cell * (CELL_MOST + 1) + i) * POINT_UNIFORMS)


def _file(s: State, k: int, time: float, height: float, place: int) -> None:
    """Insert a point among those of the block, in order of time."""
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
    """Return the number of the first point of theatre ``k`` in the block after now and below ``intensity``, or -1."""
    first = k * MOST_POINTS
    while s.passed[k] < s.points[k] and s.point_time[first + s.passed[k]] <= s.now:
        s.passed[k] += 1
    for i in range(first + s.passed[k], first + s.points[k]):
        if s.point_height[i] < intensity:
            return i
    return -1


def block_of(time: float) -> int:
    """Return the number of the block that a time falls into."""
    return int(time / BLOCK_DAYS)


def block_end(s: State, k: int) -> float:
    """Return the time at which the current block of theatre ``k`` ends."""
    return (s.block[k] + 1) * BLOCK_DAYS
