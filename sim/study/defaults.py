"""Default settings of a search, in a module of its own so that importing them takes no time."""

EVALUATIONS = 400
REPLICATIONS = 500
MOST = 100_000
"""The most timelines, and the most replications of each."""
