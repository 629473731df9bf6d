"""评审专家库: experts: who may review, drawn so that anyone can check it."""

TITLE = "评审专家库"
SHELF = "registers"
