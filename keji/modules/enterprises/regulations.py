"""The law this module applies: what firms are judged by, the facts it is written in, what registers answer."""

from keji.modules.enterprises import known_titles, rungs
from keji.modules.enterprises.facts import declared as facts
from keji.modules.enterprises.facts import declared_ladder as facts_ladder

__all__ = ["facts", "facts_ladder", "known_titles", "rungs"]
