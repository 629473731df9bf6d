"""The log of who did what: entries a second one by one and in bulk, verified, and beside another Merkle tree."""

from __future__ import annotations

import time
from typing import Any

from benchmarks import house

SINGLE, BULK, LEAVES = 300, 10_000, 50_000


def run() -> None:
    """Print Markdown tables: entries a second in the database, leaves a second in memory."""
    found = {}
    with house.folder() as folder:
        for kind in house.DATABASES:
            with house.database(kind) as url:
                found[kind] = house.ask("benchmarks.audit_log", "entries", data=folder / f"log-{kind.lower()}", url=url)
    print(f"| entries a second ({house.machine()}) | {' | '.join(found)} |\n|---|{'---:|' * len(found)}")
    for what in found["SQLite"]:
        print(f"| {what} | {' | '.join(f'{rates[what]:,.0f}' for rates in found.values())} |")
    print()
    _print_trees()


def entries() -> dict[str, float]:
    """Entries a second: each in a transaction of its own, many in one, and verified."""
    from keji.kernel import clock
    from keji.kernel.audit.log import log, verify, writing
    from keji.kernel.parties.models import Region
    from keji.kernel.people.roles import Actor

    actor, at = Actor(id=1, name="赵敏"), clock.now()
    region, _ = Region.objects.get_or_create(code="341502", level="county", name="金安区", short_name="金安")
    changes: dict[str, Any] = {
        "kind": [None, "hnte"],
        "certificate_code": [None, "GR202434000123"],
        "issued_on": [None, at.date()],
        "batch": [None, "2024年第一批"],
    }

    def write(count: int) -> None:
        with writing(actor, at):
            for _ in range(count):
                log("填报", region, changes)

    write(1)
    started = time.perf_counter()
    for _ in range(SINGLE):
        write(1)
    singly = time.perf_counter() - started
    bulk = house.seconds(lambda: write(BULK))
    started = time.perf_counter()
    found = verify()
    assert found.sound, found.message
    return {
        "one a transaction": SINGLE / singly,
        f"{BULK:,} in one transaction": BULK / bulk,
        f"verified, of {found.size:,}": found.size / (time.perf_counter() - started),
    }


def _print_trees() -> None:
    """Our tree in memory; pymerkle in the same run where somebody has installed it (GPL: never a dependency)."""
    from keji.lib.merkle import Frontier

    records = [f"第{n}条操作记录，约六十个字节长".encode() for n in range(LEAVES)]
    rates = {f"keji.lib.merkle, {name}": _rate(records, Frontier(name).append) for name in ("sha256", "sm3")}
    try:
        from pymerkle import InmemoryTree  # type: ignore[import-not-found]
    except ImportError:
        pass
    else:
        rates["pymerkle InmemoryTree, sha256"] = _rate(records, InmemoryTree(algorithm="sha256").append_entry)
    print("| appending in memory | leaves a second |\n|---|---:|")
    for name, rate in rates.items():
        print(f"| {name} | {rate:,.0f} |")


def _rate(records: list[bytes], append: Any) -> float:
    started = time.perf_counter()
    for record in records:
        append(record)
    return len(records) / (time.perf_counter() - started)


if __name__ == "__main__":
    run()
