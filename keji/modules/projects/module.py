"""科技计划项目: S&T projects from call to archive."""

TITLE = "科技计划项目"
SHELF = "cases"
