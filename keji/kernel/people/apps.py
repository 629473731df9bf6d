from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "keji.kernel.people"
    label = "people"
    verbose_name = "人员"
