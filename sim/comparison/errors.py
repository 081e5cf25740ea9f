"""What can go wrong with a comparison, apart from errors in the scenarios."""


class ComparisonError(Exception):
    """Scenarios cannot be compared, or not in the outcomes asked for; a line for each reason."""
