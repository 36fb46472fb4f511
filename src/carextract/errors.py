"""The errors that a user can mend.

Each message is one line: which input, what is wrong with it, what to do. The command line prints
the message and nothing else; Python callers catch `CarextractError`.
"""


class CarextractError(Exception):
    """Anything a user can mend."""


class InputError(CarextractError):
    """A document that cannot be read."""


class PatternError(CarextractError):
    """A pattern file that is wrong: the message names the file, the rule id and the fault."""
