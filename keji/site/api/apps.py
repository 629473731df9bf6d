from importlib import import_module

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "keji.site.api"
    label = "api"
    verbose_name = "数据接口"

    def ready(self) -> None:
        """The desk of clients is laid out like every other."""
        import_module("keji.site.api.desks")
