from django.apps import AppConfig


class RndConfig(AppConfig):
    name = "keji.modules.rnd"
    label = "rnd"
    verbose_name = "研发备案"
