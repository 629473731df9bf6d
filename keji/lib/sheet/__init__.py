"""Spreadsheets in and out: uploads read into typed rows with exact problems, styled workbooks, templates."""

from keji.lib.sheet.columns import Column, Limits, Problem, Row, Sheet, SheetError
from keji.lib.sheet.marking import with_problems
from keji.lib.sheet.reading import read
from keji.lib.sheet.writing import template, write

__all__ = ["Column", "Limits", "Problem", "Row", "Sheet", "SheetError", "read", "template", "with_problems", "write"]
