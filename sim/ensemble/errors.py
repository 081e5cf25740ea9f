"""What can go wrong with an ensemble, apart from the scenario itself."""


class Unplayable(Exception):
    """A replication of this scenario cannot be played to the end."""


class FolderError(Exception):
    """A folder cannot be used for results, or holds none."""
