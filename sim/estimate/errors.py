"""What can go wrong with an estimate."""


class PrecisionError(Exception):
    """A precision cannot be reached with any number of replications."""
