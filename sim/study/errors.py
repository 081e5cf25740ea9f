"""Errors of studies, apart from errors in the study file."""


class StudyError(Exception):
    """A study cannot be run, or does not have what was requested; a line for each reason."""


def missing(package: str) -> StudyError:
    """Return the error for an optional package that is not installed."""
    return StudyError(f"this needs {package}, which is missing or does not work: pip install 'drawdown-sim[explore]'")
