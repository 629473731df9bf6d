"""Filters of the facts pages."""

from django import template

from keji.lib.rules.vocabulary import Fact

register = template.Library()


@register.filter
def fact_text(fact: Fact, value: int | None) -> str:
    """A stored integer as people read it: 3,000 万元, 是, 先进制造与自动化."""
    return fact.text(value)
