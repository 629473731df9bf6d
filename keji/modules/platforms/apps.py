from django.apps import AppConfig


class PlatformsConfig(AppConfig):
    name = "keji.modules.platforms"
    label = "platforms"
    verbose_name = "创新平台"
