"""What can go wrong with a comparison, apart from the scenarios themselves."""


class ComparisonError(Exception):
    """Scenarios cannot be compared, or not in what is asked; a line for each reason."""
