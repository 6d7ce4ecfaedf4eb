"""How long to wait before trying again what others were in the way of."""

from random import uniform


def pause(retry: int, first: float, longest: float) -> float:
    """Seconds before the retry of that number, the first being 1: a random part of a time that
    doubles with each retry, from `first` up to `longest`. Callers who met do not meet again.
    """
    return uniform(0, min(longest, first * 2 ** (retry - 1)))  # noqa: S311
