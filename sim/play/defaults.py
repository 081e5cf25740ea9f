"""How many replications are played when nobody says."""

REPLICATIONS = 10_000
"""When neither their number nor a precision is given."""
MOST_REPLICATIONS = 100_000
"""At most, to reach a precision."""
