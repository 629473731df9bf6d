"""研发备案: firms' R&D projects entered once, feeding statistics, tax and recognition; and the 双清零 work list."""

TITLE = "研发备案"
SHELF = "cases"
PREFIXES: dict[str, str] = {}
