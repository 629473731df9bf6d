from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig

#: Files that lay something out by being imported, wherever they stand.
PARTS = (
    *("desks", "data_desks", "notice_desks", "standing_desks", "catalogues"),
    *("indicators", "jobs", "regulations", "known", "referrals"),
)


class SiteConfig(AppConfig):
    name = "keji.site"
    label = "keji_site"
    verbose_name = "总装"

    def ready(self) -> None:
        """Every module lays out its desks, indicators and jobs; the kernel's own desks are laid out here."""
        from keji.site.modules import MODULES

        for package in ("keji.site", *(f"keji.modules.{name}" for name in MODULES)):
            for part in PARTS:
                if find_spec(f"{package}.{part}"):
                    import_module(f"{package}.{part}")
