from django.apps import AppConfig


class FactsConfig(AppConfig):
    name = "keji.kernel.facts"
    label = "facts"
    verbose_name = "一企一档"

    def ready(self) -> None:
        from keji.kernel.facts import merging  # noqa: F401  (says how statements move when two units become one)
