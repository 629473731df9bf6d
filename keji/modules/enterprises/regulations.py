"""The law this module applies: what firms are judged by, the facts it is written in, what registers answer."""

from keji.modules.enterprises import facts, facts_ladder, known_titles, rungs

__all__ = ["facts", "facts_ladder", "known_titles", "rungs"]
