from django.apps import AppConfig


class EnterprisesConfig(AppConfig):
    name = "keji.modules.enterprises"
    label = "enterprises"
    verbose_name = "创新主体"
