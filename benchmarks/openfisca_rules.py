"""The same two rules in openfisca-core, run by an interpreter that has it: never by this project's own.

    python openfisca_rules.py columns.npz answers.npz rounds

reads {fact: column}, writes both rules' answers, and prints its CPU times as JSON. It imports nothing of this project.
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import YEAR
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

CASE = 2024
SPENDING = (
    *("rd_staff_cost", "rd_materials", "rd_depreciation", "rd_building_depreciation", "rd_amortisation"),
    *("rd_design", "rd_commissioning", "rd_outsourced", "rd_outsourced_abroad", "rd_other"),
)
Firm = build_entity(key="firm", plural="firms", label="", is_person=True)


def exact(firm, name, period):
    """A fact as float64: openfisca keeps float32, which holds whole 万元 but not their products."""
    return firm(name, period).astype(np.float64)


def fact(name):
    return type(name, (Variable,), {"value_type": float, "entity": Firm, "definition_period": YEAR, "label": name})


def formula(name, work):
    def run(firm, period, parameters):
        return work(firm, period)

    attributes = {"value_type": float, "entity": Firm, "definition_period": YEAR, "label": name, "formula": run}
    return type(name, (Variable,), attributes)


def hnte_total(firm, period):
    names = ("rd_staff_cost", "rd_materials", "rd_depreciation", "rd_amortisation", "rd_design", "rd_commissioning")
    own = sum(exact(firm, n, period) for n in names)
    base = own + 0.8 * (exact(firm, "rd_outsourced", period) + exact(firm, "rd_outsourced_abroad", period))
    return base + np.minimum(exact(firm, "rd_other", period), base * 0.25)


def years(firm, period, name):
    """Three years of a fact, nothing for those before the firm was in business; the latest last."""
    operating = firm("operating_years", period)
    found = [exact(firm, name, period.offset(-back)) for back in (3, 2, 1)]
    return [np.where(operating >= 3, found[0], 0), np.where(operating >= 2, found[1], 0), found[2]]


def rnd_share(firm, period):
    sales = years(firm, period, "revenue")
    tier = np.select([sales[2] > 20_000, sales[2] > 5_000], [0.03, 0.04], 0.05)
    return sum(years(firm, period, "hnte_total")) >= tier * sum(sales) - 1e-9


def home_share(firm, period):
    total = sum(years(firm, period, "hnte_total"))
    abroad = sum(years(firm, period, "rd_outsourced_abroad"))
    return total - 0.8 * abroad >= 0.6 * total - 1e-9


def staff_share(firm, period):
    last = period.offset(-1)
    technical = exact(firm, "rnd_staff", last) + exact(firm, "rnd_part_time_183", last)
    return technical >= 0.1 * (exact(firm, "staff", last) + exact(firm, "part_time_183", last)) - 1e-9


def points(value, bands):
    low = np.select([value >= edge - 1e-12 for edge, _, _ in bands], [lo for _, lo, _ in bands], 0)
    return low, np.select([value >= edge - 1e-12 for edge, _, _ in bands], [hi for _, _, hi in bands], 0)


GROWTH = ((0.35, 9, 10), (0.25, 7, 8), (0.15, 5, 6), (0.05, 3, 4), (1e-11, 1, 2))


def growth(values):
    first, second, third = values
    with np.errstate(divide="ignore", invalid="ignore"):
        both = 0.5 * (second / first + third / second) - 1
        step = third / second - 1
    g = np.where(first > 0, both, step)
    undefined = (second < 0) | ((first < 0) & (second > 0)) | (second == 0)
    return points(np.where(undefined, -1.0, g), GROWTH)


def net_assets(firm, period):
    assets, debts = years(firm, period, "assets"), years(firm, period, "liabilities")
    return [a - d for a, d in zip(assets, debts, strict=True)]


def ladder(choice):
    low, high = (np.select([choice == c for c in (4, 3, 2, 1)], v, 0) for v in ((7, 5, 3, 1), (8, 6, 4, 2)))
    return low, high


def hnte_points(firm, period):
    first, second = firm("class1_ip", period), firm("class2_ip", period) - firm("class2_ip_used", period)
    a, b = ladder(firm("advance", period)), ladder(firm("support", period))
    own, standard = firm("own_ip", period) == 1, firm("standard_setting", period) == 1
    count = points(second, ((5, 5, 6), (3, 3, 4), (1, 1, 2)))
    count = [np.where(first >= 1, top, c) for top, c in zip((7, 8), count, strict=True)]
    rights = [
        np.minimum(30, a[i] + b[i] + count[i] + np.where(own, (1, 6)[i], (1, 3)[i]) + np.where(standard, (1, 2)[i], 0))
        for i in (0, 1)
    ]
    lasting = np.minimum(firm("operating_years", period), 3)
    average = sum(years(firm, period, "conversions")) / np.maximum(lasting, 1)
    bands = ((5, 25, 30), (4, 19, 24), (3, 13, 18), (2, 7, 12), (1, 1, 6), (1e-11, 0, 6))
    conversion = points(np.where(lasting > 0, average, 0), bands)
    given = (("org_system", 6), ("org_institute", 6), ("org_reward", 4), ("org_talent", 4))
    organisation = sum(np.clip(firm(name, period), 0, most) for name, most in given)
    net, sales = growth(net_assets(firm, period)), growth(years(firm, period, "revenue"))
    return [rights[i] + conversion[i] + organisation + net[i] + sales[i] for i in (0, 1)]


def hnte(firm, period):
    """0 fails, 1 for experts to say, 2 passes."""
    last = period.offset(-1)
    hard = (
        (firm("age_days", period) >= 365)
        & (firm("class1_ip", period) + firm("class2_ip", period) - firm("class2_ip_used", period) >= 1)
        & (firm("technology_field", period) >= 1)
        & (firm("staff_share", period) > 0)
        & (firm("rnd_share", period) > 0)
        & (firm("home_share", period) > 0)
        & (exact(firm, "hightech_revenue", last) >= 0.6 * exact(firm, "total_income", last) - 1e-9)
        & (firm("serious_incident", period) == 0)
    )
    low, high = firm("hnte_low", period), firm("hnte_high", period)
    return np.where(hard, np.select([low > 70, high > 70], [2, 1], 0), 0)


def deduction_total(firm, period):
    building = exact(firm, "rd_building_depreciation", period)
    names = ("rd_staff_cost", "rd_materials", "rd_depreciation", "rd_amortisation", "rd_design")
    five = sum(exact(firm, n, period) for n in names) - building
    home = five + np.minimum(exact(firm, "rd_other", period), five / 9) + 0.8 * exact(firm, "rd_outsourced", period)
    return home + np.minimum(0.8 * exact(firm, "rd_outsourced_abroad", period), home * 2 / 3)


def tech_points(firm, period):
    last = period.offset(-1)
    technical = exact(firm, "rnd_staff", last) + exact(firm, "rnd_part_time_6m", last)
    share = technical / np.maximum(exact(firm, "staff", last) + exact(firm, "part_time_6m", last), 1)
    bands = [(edge / 100, p, p) for edge, p in ((30, 20), (25, 16), (20, 12), (15, 8), (10, 4))]
    staff = points(share, bands)[0]
    spent = exact(firm, "deduction_total", last)
    found = np.zeros(len(staff))
    options = (("revenue", ((6, 50), (5, 40), (4, 30), (3, 20), (2, 10))),)
    options += (("total_cost", ((30, 50), (25, 40), (20, 30), (15, 20), (10, 10))),)
    for name, rows in options:
        whole = exact(firm, name, last)
        ratio = np.where(whole > 0, spent / np.where(whole > 0, whole, 1), 0)
        found = np.maximum(found, points(ratio, [(e / 100, p, p) for e, p in rows])[0])
    second = points(firm("class2_ip", period), [(n, p, p) for n, p in ((4, 24), (3, 18), (2, 12), (1, 6))])[0]
    return np.where(staff > 0, staff + found + np.where(firm("class1_ip", period) >= 1, 30, second), 0)


def tech_sme(firm, period):
    last = period.offset(-1)
    sound = (
        (firm("resident", period) == 1)
        & (exact(firm, "staff", last) + exact(firm, "part_time_6m", last) <= 500)
        & (exact(firm, "revenue", last) <= 20_000)
        & (exact(firm, "assets", last) <= 20_000)
    )
    for name in ("restricted", "serious_incident", "research_dishonesty", "listed_abnormal"):
        sound &= firm(name, period) == 0
    route = firm("tech_points", period) >= 60
    for name in ("hnte_held", "award", "institution", "standard"):
        route |= firm(name, period) == 1
    return np.where(sound & route, 2, 0)


ANNUAL = (
    *("revenue", "total_income", "hightech_revenue", "total_cost", "assets", "liabilities", "staff", "part_time_183"),
    *("part_time_6m", "rnd_staff", "rnd_part_time_183", "rnd_part_time_6m", "conversions", *SPENDING),
)
STANDING = (
    *("age_days", "operating_years", "class1_ip", "class2_ip", "own_ip", "advance", "support", "standard_setting"),
    "class2_ip_used",
    *("org_system", "org_institute", "org_reward", "org_talent", "technology_field", "serious_incident", "resident"),
    *("restricted", "research_dishonesty", "listed_abnormal", "hnte_held", "award", "institution", "standard"),
)
FORMULAS = {
    "hnte_total": hnte_total,
    "rnd_share": rnd_share,
    "home_share": home_share,
    "staff_share": staff_share,
    "hnte_low": lambda f, p: hnte_points(f, p)[0],
    "hnte_high": lambda f, p: hnte_points(f, p)[1],
    "hnte": hnte,
    "deduction_total": deduction_total,
    "tech_points": tech_points,
    "tech_sme": tech_sme,
}


def system() -> TaxBenefitSystem:
    found = TaxBenefitSystem([Firm])
    for name in (*ANNUAL, *STANDING):
        found.add_variable(fact(name))
    for name, work in FORMULAS.items():
        found.add_variable(formula(name, work))
    return found


def judge(tbs, columns, size):
    """Both answers of every firm."""
    simulation = SimulationBuilder().build_default_simulation(tbs, count=size)
    for key, column in columns.items():
        name, _, back = key.partition("-")
        simulation.set_input("hnte_held" if name == "hnte" else name, str(CASE - int(back or 0)), column)
    return {name: simulation.calculate(name, str(CASE)) for name in ("hnte", "tech_sme", "hnte_low", "hnte_high")}


def main() -> None:
    source, target, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
    columns = dict(np.load(source))
    size = len(next(iter(columns.values())))
    tbs = system()
    judge(tbs, {k: c[:10] for k, c in columns.items()}, 10)
    batches = []
    for _ in range(rounds):
        started = time.process_time()
        found = judge(tbs, columns, size)
        batches.append(time.process_time() - started)
    np.savez(target, **found)
    ones = []
    for i in range(200):
        one = {k: c[i : i + 1] for k, c in columns.items()}
        started = time.process_time()
        judge(tbs, one, 1)
        ones.append(time.process_time() - started)
    print(json.dumps({"batch": batches, "one": ones}))


if __name__ == "__main__":
    main()
