"""The errors that a user can mend.

Each message is one line: which input, what is wrong with it, what to do. The command line prints
the message and nothing else; Python callers catch `CarextractError`, and tell one from another by
its `code`.
"""


class CarextractError(Exception):
    """Anything a user can mend."""

    code = "error"


class InputError(CarextractError):
    """A document that cannot be read. The code says which kind of failure it is."""

    def __init__(self, message: str, *, code: str = "unreadable") -> None:
        super().__init__(message)
        self.code = code


class PatternError(CarextractError):
    """A pattern file that is wrong: the message names the file, the rule id and the fault."""

    code = "wrong-pattern"
