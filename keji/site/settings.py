"""Everything that differs between one house and the next comes from the environment or from the data folder.

KEJI_DATA          folder with the database, attachments and keys            (default: data/house beside manage.py)
KEJI_DATABASE_URL  postgresql://user:password@host:port/name                 (default: SQLite in the data folder)
KEJI_HOSTS         host names served, separated by commas                    (default: local addresses)
KEJI_HTTPS         1 when a reverse proxy ends TLS in front of this process  (default: 0)
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from keji.site.demo_house import demo_house
from keji.site.modules import MODULES
from keji.site.secret import load_or_create

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("KEJI_DATA", ROOT / "data" / "house")).resolve()
DATA.mkdir(parents=True, exist_ok=True)

SECRET_KEY = load_or_create(DATA / "secret.key")
FIELD_KEY = load_or_create(DATA / "field.key")
DEBUG = False
DEMO = demo_house(DATA)
ALLOWED_HOSTS = os.environ.get("KEJI_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
HTTPS = os.environ.get("KEJI_HTTPS") == "1"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_filters",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "axes",
    "ninja",  # its docs page then uses the files of its own wheel
    "django_tasks",
    "django_tasks_db",
    "keji.kernel.people",
    "keji.kernel.parties",
    "keji.kernel.audit",
    "keji.kernel.calendar",
    "keji.kernel.documents",
    "keji.kernel.records",
    "keji.kernel.indicators",
    "keji.kernel.facts",
    "keji.kernel.rules",
    "keji.kernel.jobs",
    "keji.desk",
    *(f"keji.modules.{name}" for name in MODULES),
    "keji.site",
    "keji.site.api",
    "keji.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "keji.site.middleware.ContentSecurity",
    "keji.site.middleware.OneReading",
    "keji.site.middleware.LoginRequired",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "keji.site.urls"
WSGI_APPLICATION = "keji.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "keji.site.context.shell",
            ],
            "builtins": ["keji.desk.templatetags.look"],
        },
    }
]


def database(url: str | None) -> dict[str, object]:
    """SQLite in the data folder, or the PostgreSQL server that `url` names."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(DATA / "keji.sqlite3"),
            "CONN_MAX_AGE": 600,
            "OPTIONS": {
                # A writer takes its lock at BEGIN: two writers queue up instead of failing half-way.
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-64000;",
            },
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": database(os.environ.get("KEJI_DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "keji.kernel.people.passwords.Composition"},
    {"NAME": "keji.kernel.people.passwords.NotReused"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_MAX_DAYS = 90
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "people/locked.html"
AXES_VERBOSE = False
OTP_TOTP_ISSUER = "科技工作一本账"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"

SESSION_COOKIE_AGE = 30 * 60  # idle timeout: every request renews it
SESSION_SAVE_EVERY_REQUEST = True
SESSION_ENGINE = "django.contrib.sessions.backends.db"  # one truth for all workers: a log-out ends at once everywhere
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "keji.site.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31536000

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
FORMAT_MODULE_PATH = ["keji.site.formats"]

STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "keji" / "site" / "static"]
STATIC_ROOT = DATA / "static"
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
MEDIA_ROOT = DATA / "files"
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
UPLOAD_MAX_BYTES = 50 * 1024 * 1024

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "keji"}}
SILENCED_SYSTEM_CHECKS = ["axes.W003", "axes.W006"]  # accounts are locked by name: in a bureau many share one address

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
