"""Waiting for a condition, never for a time."""

import time
from typing import Callable, TypeVar

Value = TypeVar("Value")


def wait_until(condition: Callable[[], Value], what: str, within: float = 20.0, every: float = 0.1) -> Value:
    """Asks `condition` until its answer is true, and returns the answer. Fails with what was seen last.

    A condition may raise AssertionError to say what is still missing.
    """
    deadline = time.monotonic() + within
    seen: object = None
    while True:
        try:
            answer = condition()
            if answer:
                return answer
            seen = answer
        except AssertionError as missing:
            seen = missing
        if time.monotonic() >= deadline:
            raise AssertionError(f"not within {within:g} s: {what}; last seen: {seen}")
        time.sleep(every)
