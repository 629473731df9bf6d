"""Innovation platforms, how they are recognised and assessed, and what lives inside the incubators."""

from keji.modules.platforms.models.platform import HOST_ACCESS, Platform

__all__ = ["HOST_ACCESS", "Platform"]
