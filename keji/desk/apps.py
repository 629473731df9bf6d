from typing import Any

from django.apps import AppConfig

from keji.desk.wording import speak_plainly


class DeskConfig(AppConfig):
    name = "keji.desk"
    label = "desk"
    verbose_name = "办公台"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        speak_plainly()  # here, not when ready: forms are made while the modules are imported
