"""What can go wrong with an ensemble, apart from the scenario itself."""


class Unplayable(Exception):
    """A replication of this scenario cannot be played to the end."""


class PrecisionError(Exception):
    """A precision cannot be reached, however many replications are played."""


class WorkersLost(Exception):
    """Those that play the replications are gone, or cannot be reached."""


class TooLarge(Exception):
    """A scenario would take more memory than it may."""


class FolderError(Exception):
    """A folder cannot be used for results, or holds none."""
