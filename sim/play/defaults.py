"""How many replications are played if nothing is said, and what the page of results is called."""

REPLICATIONS = 10_000
"""If neither a number nor a precision is given."""
MOST_REPLICATIONS = 100_000
"""The most that are played to reach a precision."""

PAGE = "report.html"
"""The file with the living page of results, beside their figures."""
