"""Remembering what was counted for as long as nobody has done anything.

Nothing changes in this house without an entry in the log, so the log's head is the version of everything. What was
worked out under one head holds until the next entry that is more than a look, in this process as in every other: it is
never a moment too old.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

from keji.kernel.audit.log import is_writing
from keji.kernel.audit.models import Ledger

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")

_memories: list[Callable[[], None]] = []


def while_unchanged(most: int) -> Callable[[Callable[Asked, Answer]], Callable[Asked, Answer]]:
    """Remember the last `most` answers of a function of hashable arguments; callers must not change an answer."""

    def remembering(work: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
        @lru_cache(maxsize=most)
        def remembered(head: str, *args: Any, **kwargs: Any) -> Answer:
            return work(*args, **kwargs)

        @wraps(work)
        def asked(*args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
            # The head is read first: a change in between is counted under the old head, which nobody asks for again.
            head = _head()
            return remembered(head, *args, **kwargs) if head else work(*args, **kwargs)  # type: ignore[arg-type]

        _memories.append(remembered.cache_clear)
        return asked

    return remembering


def _head() -> str:
    """The mark of the newest change; "" in the middle of one (its entries come at the end) and while there is none."""
    if is_writing():
        return ""
    return str(Ledger.objects.values_list("changed", flat=True).get(pk=1))


def forget() -> None:
    """Drop everything remembered, for tests: theirs are the only changes that are not logged."""
    for clear in _memories:
        clear()
