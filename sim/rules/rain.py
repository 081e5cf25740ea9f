"""The rain: random points in the plane of time and intensity, from which attacks are made (a Poisson process).

Each point below the curve of the intensity is an attack (Poisson embedding). The points are the same in every scenario
with the same seed and replication, so scenarios share common random numbers: if the intensity is the same in some
month, so are the attacks. The plane is cut into cells, each one strip of intensity high and one block of time long.
The points of a cell depend only on seed, replication, theatre, strip and block, and are drawn only where the intensity
reaches. The height and length of a cell are constants, since changing them would change every future.

The points of a block are filed by time in equal intervals, twice as many whenever there are more than two points for
each. So the next attack is found in a few steps, however many there are.
"""

from sim.rules.state import MOST_INTERVALS, MOST_POINTS, STRIPS, TOO_MANY_ATTACKS, State
from sim.rules.streams import Streams, seek, uniform
from sim.rules.variates import poisson

STRIP_HEIGHT = 0.125  # attacks per day
BLOCK_DAYS = 32.0
CELL_MEAN = 4.0  # STRIP_HEIGHT * BLOCK_DAYS
CELL_MOST = 31  # the chance of more points in a cell is 1e-18

CELL_UNIFORMS = 64  # places reserved for a cell in its theatre's stream
POINT_UNIFORMS = 16  # places reserved for a point in its theatre's stream of outcomes
POINT_DRAWS = 13  # the most uniforms that one attack draws, in all rules together
STRIP_STRIDE = 1_000_003  # from a block of one strip to the same block of the next, in cells

FEWEST_INTERVALS = 8  # of a block
POINTS_PER_INTERVAL = 2  # on average, at most


def draw_points(s: State, r: Streams, k: int, intensity: float) -> None:
    """Draw the points of theatre ``k`` in the current block up to ``intensity``; give up if that is above the plane."""
    block = block_of(s.now)
    if block != s.block[k]:
        s.block[k] = block
        s.strips[k] = 0
        s.points[k] = 0
        _divide(s, k, FEWEST_INTERVALS)
    strips = int(intensity / STRIP_HEIGHT) + 1
    if strips > STRIPS:
        s.given_up = TOO_MANY_ATTACKS
        return
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
            _add(s, k, time, height, (cell * (CELL_MOST + 1) + i) * POINT_UNIFORMS)


def _add(s: State, k: int, time: float, height: float, place: int) -> None:
    """Add a point to those of the block."""
    if s.points[k] == MOST_POINTS:
        s.given_up = TOO_MANY_ATTACKS
        return
    point = k * MOST_POINTS + s.points[k]
    s.point_time[point] = time
    s.point_height[point] = height
    s.point_place[point] = place
    s.points[k] += 1
    if s.points[k] > POINTS_PER_INTERVAL * s.intervals[k]:
        _divide(s, k, 2 * s.intervals[k])
    else:
        _file(s, k, point)


def _divide(s: State, k: int, intervals: int) -> None:
    """Divide the block of theatre ``k`` into so many intervals, and file all its points anew."""
    s.intervals[k] = intervals
    for i in range(intervals):
        s.point_first[k * MOST_INTERVALS + i] = -1
    for i in range(s.points[k]):
        _file(s, k, k * MOST_POINTS + i)


def _file(s: State, k: int, point: int) -> None:
    """File a point under the interval of its time, in front of those that are there."""
    interval = k * MOST_INTERVALS + _interval_of(s, k, s.point_time[point])
    s.point_behind[point] = s.point_first[interval]
    s.point_first[interval] = point


def _interval_of(s: State, k: int, time: float) -> int:
    """Return the interval of the block into which a time falls."""
    return min(int((time / BLOCK_DAYS - s.block[k]) * s.intervals[k]), s.intervals[k] - 1)


def next_point(s: State, k: int, intensity: float) -> int:
    """Return the number of the first point of theatre ``k`` in the block after now and below ``intensity``, or -1."""
    found = -1
    interval = _interval_of(s, k, s.now)
    while found < 0 and interval < s.intervals[k]:
        point = s.point_first[k * MOST_INTERVALS + interval]
        while point >= 0:
            counts = s.point_time[point] > s.now and s.point_height[point] < intensity
            if counts and (found < 0 or s.point_time[point] <= s.point_time[found]):
                found = point
            point = s.point_behind[point]
        interval += 1
    return found


def block_of(time: float) -> int:
    """Return the number of the block that a time falls into."""
    return int(time / BLOCK_DAYS)


def block_end(s: State, k: int) -> float:
    """Return the time at which the current block of theatre ``k`` ends."""
    return (s.block[k] + 1) * BLOCK_DAYS
