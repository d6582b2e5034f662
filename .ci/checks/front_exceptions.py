"""What fronts themselves make impossible, and what works instead. The check asserts that it is so."""

import typing


class Exceptional(typing.NamedTuple):
    """A cell that is asserted instead of the column's own, the directive or source line that says why, and the way that works."""

    cell: typing.Callable
    why: str
    instead: str


EXCEPTIONS = {}
