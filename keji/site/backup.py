"""The whole house in one file, and back: every table, every attachment, the keys, each with its SHA-256.

The file is a ZIP: `manifest.json`, `tables/<app>.<model>.jsonl`, `files/<sha256>`, `keys/…`. Rows are written by
field, not by the database's own dump, so a house that outgrew SQLite is restored into PostgreSQL from the same file.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder

from keji.kernel.people.crypto import SealedField, seal, unseal

FORMAT = 1
KEYS = ("field.key", "secret.key")
SIDE_FILES = ("clock.json", "demo.json")
BATCH = 2000
#: What lives only for a moment: sessions, login attempts, the queue (jobs themselves are kept).
LEFT_OUT = {
    "sessions.session",
    "axes.accessattempt",
    "axes.accessattemptexpiration",
    "axes.accesslog",
    "axes.accessfailurelog",
    "contenttypes.contenttype",
    "auth.permission",
    "django_tasks_db.dbtaskresult",
    "records.publicact",
}


class BackupError(Exception):
    """Why a backup cannot be made or restored: a sentence for the administrator."""


def tables() -> list[type[models.Model]]:
    """Every table that is kept, in a fixed order."""
    found = [m for m in apps.get_models(include_auto_created=True) if m._meta.managed and not m._meta.proxy]
    kept = [m for m in found if m._meta.label_lower not in LEFT_OUT]
    return sorted(kept, key=lambda m: m._meta.label_lower)


def migrations_applied() -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


class _Digesting:
    """A file that remembers the SHA-256 of what went through it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.digest, self.size = file, hashlib.sha256(), 0

    def write(self, data: bytes) -> None:
        self.digest.update(data)
        self.size += len(data)
        self.file.write(data)


def backup(target: Path, *, keys: bool = True, tell: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """Write the house to `target`; the file appears only when it is whole. Returns the manifest."""
    part = target.with_name(target.name + ".part")
    members: dict[str, dict[str, Any]] = {}
    old = os.umask(0o077)  # personal data and keys: readable by the owner only
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=3, allowZip64=True) as archive:
            outermost = not connection.in_atomic_block
            with transaction.atomic():  # one moment for all tables
                if outermost and connection.vendor == "postgresql":
                    with connection.cursor() as cursor:
                        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                for model in tables():
                    members[f"tables/{model._meta.label_lower}.jsonl"] = _write_table(archive, model)
                    tell(
                        f"{model._meta.verbose_name}：{members[f'tables/{model._meta.label_lower}.jsonl']['rows']:,} 行"
                    )
            for path in sorted(Path(settings.MEDIA_ROOT).rglob("*")):
                if path.is_file() and path.suffix != ".part":
                    members[f"files/{path.name}"] = _write_file(archive, f"files/{path.name}", path)
            for name in (*(KEYS if keys else ()), *SIDE_FILES):
                if (settings.DATA / name).exists():
                    folder = "keys" if name in KEYS else "side"
                    members[f"{folder}/{name}"] = _write_file(archive, f"{folder}/{name}", settings.DATA / name)
            manifest = {
                "format": FORMAT,
                "made_at": datetime.now(UTC).isoformat(),
                "migrations": migrations_applied(),
                "members": members,
            }
            archive.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
        part.replace(target)
    finally:
        os.umask(old)
        part.unlink(missing_ok=True)
    return manifest


def _write_table(archive: zipfile.ZipFile, model: type[models.Model]) -> dict[str, Any]:
    fields = model._meta.concrete_fields
    sealed = [i for i, f in enumerate(fields) if isinstance(f, SealedField)]
    binary = [i for i, f in enumerate(fields) if isinstance(f, models.BinaryField)]
    rows = 0
    with archive.open(f"tables/{model._meta.label_lower}.jsonl", "w", force_zip64=True) as raw:
        out = _Digesting(raw)
        out.write(json.dumps([f.attname for f in fields]).encode() + b"\n")
        query = model._base_manager.order_by("pk").values_list(*[f.attname for f in fields])
        for values in query.iterator(chunk_size=BATCH):
            row = list(values)
            for i in sealed:
                row[i] = seal(row[i] or "")
            for i in binary:
                row[i] = None if row[i] is None else base64.b64encode(bytes(row[i])).decode()
            out.write(json.dumps(row, cls=_Encoder, ensure_ascii=False).encode() + b"\n")
            rows += 1
    return {"sha256": out.digest.hexdigest(), "size": out.size, "rows": rows}


class _Encoder(DjangoJSONEncoder):
    """Django's encoder, but moments keep their microseconds: the log's hashes cover them."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


def _write_file(archive: zipfile.ZipFile, name: str, path: Path) -> dict[str, Any]:
    with archive.open(name, "w", force_zip64=True) as raw, path.open("rb") as source:
        out = _Digesting(raw)
        while chunk := source.read(1 << 20):
            out.write(chunk)
    return {"sha256": out.digest.hexdigest(), "size": out.size}


def check(source: Path) -> dict[str, Any]:
    """Read the whole file and compare every digest. Raises BackupError naming the first damage."""
    try:
        with zipfile.ZipFile(source) as archive:
            manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
            if manifest["format"] != FORMAT:
                raise BackupError(
                    f"这是第 {manifest['format']} 版格式的备份，本系统只认第 {FORMAT} 版，请用对应版本恢复。"
                )
            for name, wanted in manifest["members"].items():
                digest = hashlib.sha256()
                with archive.open(name) as member:
                    while chunk := member.read(1 << 20):
                        digest.update(chunk)
                if digest.hexdigest() != wanted["sha256"]:
                    raise BackupError(f"备份文件已损坏：{name} 的内容与清单不符。请换一份备份。")
            return manifest
    except FileNotFoundError:
        raise BackupError(f"没有找到备份文件 {source}。") from None
    except (zipfile.BadZipFile, KeyError, EOFError, OSError, ValueError) as problem:
        raise BackupError(f"备份文件已损坏或不是本系统的备份（{type(problem).__name__}）。请换一份备份。") from None


def restore(source: Path, *, tell: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """Put a checked backup into an empty, migrated house: all of it or nothing. Returns the manifest."""
    manifest = check(source)
    unknown = set(manifest["migrations"]) - set(migrations_applied())
    if unknown:
        raise BackupError(f"备份来自更新的版本（{sorted(unknown)[0]} 等），请先升级本系统再恢复。")
    if _house_in_use():
        raise BackupError("目标库里已经有数据。请恢复到空的数据文件夹（设置 KEJI_DATA）或空的 PostgreSQL 数据库。")
    with zipfile.ZipFile(source) as archive:
        _restore_side_files(archive, manifest)
        with transaction.atomic():
            known = {m._meta.label_lower: m for m in tables()}
            for model in known.values():
                model._base_manager.all()._raw_delete(using=connection.alias)  # rows that migrations sowed
            for name, about in manifest["members"].items():
                if name.startswith("tables/") and name[7:-6] in known:
                    into = known[name[7:-6]]
                    _read_table(archive, name, into)
                    tell(f"{into._meta.verbose_name}：{about['rows']:,} 行")
            _reset_sequences(list(known.values()))
            connection.check_constraints()
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")  # tables just filled have no statistics, and the planner guesses badly
    return manifest


def _house_in_use() -> bool:
    from keji.kernel.audit.models import Entry
    from keji.kernel.people.models import Account

    return Account.objects.exists() or Entry.objects.exists()


def _restore_side_files(archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    for name in manifest["members"]:
        folder, _, rest = name.partition("/")
        if folder == "files":
            path = Path(settings.MEDIA_ROOT) / rest[:2] / rest
        elif folder in ("keys", "side"):
            path = settings.DATA / rest
        else:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(archive.read(name))
        if folder == "keys":
            path.chmod(0o600)
    if "keys/field.key" in manifest["members"]:
        settings.FIELD_KEY = archive.read("keys/field.key").decode().strip()


def _read_table(archive: zipfile.ZipFile, name: str, model: type[models.Model]) -> None:
    with archive.open(name) as file:
        columns = json.loads(file.readline())
        fields = {f.attname: f for f in model._meta.concrete_fields}
        batch = []
        for values in _rows(file):
            batch.append(model(**{c: _back(fields[c], v) for c, v in zip(columns, values, strict=True) if c in fields}))
            if len(batch) == BATCH:
                model._base_manager.bulk_create(batch)
                batch = []
        model._base_manager.bulk_create(batch)


def _rows(file: IO[bytes]) -> Iterator[list[Any]]:
    return (json.loads(line) for line in file)


def _back(field: models.Field[Any, Any], value: Any) -> Any:
    if isinstance(field, SealedField):
        try:
            return unseal(value or "")
        except ValueError as problem:
            raise BackupError(f"{problem}（放进 {settings.DATA} 后重新恢复）。") from None
    if isinstance(field, models.BinaryField):
        return None if value is None else base64.b64decode(value)
    if isinstance(field, models.JSONField) or value is None:
        return value
    if isinstance(field, models.ForeignKey):
        return field.target_field.to_python(value)
    return field.to_python(value)


def _reset_sequences(kept: list[type[models.Model]]) -> None:
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), kept):
            cursor.execute(statement)
