"""What a search does unless something else is asked for; apart, since it takes no time to import."""

EVALUATIONS = 400
REPLICATIONS = 500
MOST = 100_000
"""Timelines, and replications of each, at most."""
