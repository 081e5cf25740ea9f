"""What can go wrong with a study, apart from its file."""


class StudyError(Exception):
    """A study cannot be run, or holds not what is asked of it; a line for each reason."""


def missing(package: str) -> StudyError:
    """Return the error for a package that comes with the program only where it is asked for."""
    return StudyError(f"this needs {package}, which is not there or does not work: pip install 'drawdown-sim[explore]'")
