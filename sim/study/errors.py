"""What can go wrong with a study, apart from its file."""


class StudyError(Exception):
    """A study cannot be run, or holds not what is asked of it."""
