"""What others hand in when they ask for a panel, and what they get back: plain values, no rows."""

from __future__ import annotations

from dataclasses import dataclass

#: The categories a quota may speak of, and the values of the third.
KIND, DISCIPLINE, PLACE = "类型", "学科", "地域"
IN_CITY, OUTSIDE = "市内", "市外"
CATEGORIES = (KIND, DISCIPLINE, PLACE)
MOST = 999


@dataclass(frozen=True)
class PersonRef:
    """Somebody on the applicant's side. `person`: key of the `Person` where known; `unit`: where they work, as told."""

    name: str
    person: int | None = None
    unit: str = ""


@dataclass(frozen=True)
class AvoidedName:
    """An expert the applicant asks to keep away, with the reason; `unit` tells people of one name apart."""

    name: str
    reason: str
    unit: str = ""


@dataclass(frozen=True)
class Subject:
    """One thing under review. `parties`: keys of lead unit and co-operators; `people`: leader and team."""

    number: str
    title: str
    parties: tuple[int, ...] = ()
    people: tuple[PersonRef, ...] = ()
    avoided: tuple[AvoidedName, ...] = ()


@dataclass(frozen=True)
class QuotaRow:
    """From `least` to `most` seats for `value` in `category` (one of CATEGORIES).

    Values: label of an expert's type (技术 …), code of a first-level discipline (510), 市内 or 市外.
    """

    category: str
    value: str
    least: int = 0
    most: int = MOST


@dataclass(frozen=True)
class Member:
    """Somebody who sits on an opened panel."""

    person: int
    account: int | None
    expert_number: str
    name: str
    employer: str = ""


@dataclass(frozen=True)
class Panel:
    """How a draw stands. `members` is empty until it is opened: before that nobody's name leaves this module."""

    number: str
    state: str
    state_label: str
    opened: bool
    members: tuple[Member, ...] = ()


@dataclass(frozen=True)
class Profile:
    """What somebody of the pool knows. `words`: disciplines, industries, keywords; `kind`: label of the type."""

    person: int
    number: str
    employer: str
    kind: str
    words: tuple[str, ...]
