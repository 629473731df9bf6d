"""科研诚信: Research integrity: cases from report to appeal, and the measures that follow."""

TITLE = "科研诚信"
SHELF = "cases"
