"""One case: the formulas of a rule written out as one function, each worked out once, however often it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from keji.lib.rules.terms import Formula

#: What is known of a case, and behind it what the formulas of a frame come to, each at its place.
Case = tuple[Any, ...]
Work = Callable[[Mapping[str, int]], Case]


class Undefined:
    """A quotient over zero or less: not unknown, but not a number either."""

    def __repr__(self) -> str:
        return "UNDEFINED"


UNDEFINED = Undefined()
NOTHING = (0, 1)


class Frame:
    """Gathers formulas; `function` then works all of them out for a case.

    The source it writes holds integers, quoted keys of facts and names it made up itself, nothing else.
    """

    def __init__(self) -> None:
        self._names: dict[int, str] = {}  # slot of a formula → its name or literal
        self._lines: list[str] = []
        self._scope: dict[str, Any] = {"UNDEFINED": UNDEFINED, "NOTHING": NOTHING}
        self._places: dict[str, int] = {}

    def place(self, formula: Formula) -> int:
        """Where in a case this formula's value stands."""
        return self._places.setdefault(self.name(formula), len(self._places) + 1)

    def name(self, formula: Formula) -> str:
        """What the source calls this formula; a constant is its own number."""
        if formula.slot not in self._names:
            source = formula.source(self)
            if not _is_number(source):
                name = f"v{len(self._lines)}"
                self._lines.append(f" {name} = {source}")
                source = name
            self._names[formula.slot] = source
        return self._names[formula.slot]

    def bind(self, helper: Callable[..., Any]) -> str:
        """A name under which the source can call `helper`."""
        name = f"help{len(self._scope)}"
        self._scope[name] = helper
        return name

    def function(self) -> Work:
        """Raises nothing for whatever is unknown: what waits for it is None."""
        lines = ["def work(known):", " get = known.get", *self._lines, f" return known, {', '.join(self._places)}"]
        exec("\n".join(lines), self._scope)  # noqa: S102 - see the class: no words of anybody stand in it
        found: Work = self._scope["work"]
        return found


def if_known(names: Iterable[str], source: str) -> str:
    """The source of an expression that is None where one of these is."""
    unknown = " or ".join(f"{name} is None" for name in dict.fromkeys(names) if not _is_number(name))
    return f"None if {unknown} else {source}" if unknown else source


def times(weight: int, name: str) -> str:
    return name if weight == 1 else f"{weight} * {name}"


def _is_number(source: str) -> bool:
    return source.lstrip("-").isdigit()
