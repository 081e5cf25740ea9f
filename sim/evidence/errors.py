"""What is raised when data cannot be used."""


class DataError(Exception):
    """A data file cannot be used; one line for each fault, with file and row.

    Parameters
    ----------
    problems
        The lines, such as ``attacks.csv, row 7: the count -3 is negative``. Rows are counted as lines of the file are,
        the header being row 1.
    """

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
