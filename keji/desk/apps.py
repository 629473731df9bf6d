from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "keji.desk"
    label = "desk"
    verbose_name = "办公台"
