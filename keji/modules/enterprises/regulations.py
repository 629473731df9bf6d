"""The law this module applies: what firms are judged by, and the facts it is written in."""

from keji.modules.enterprises import facts, rungs

__all__ = ["facts", "rungs"]
