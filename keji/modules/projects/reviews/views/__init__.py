"""The expert's pages, and what the officer does with a panel."""
