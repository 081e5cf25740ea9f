"""What can go wrong with an estimate."""


class PrecisionError(Exception):
    """A precision cannot be reached, however many replications are played."""
