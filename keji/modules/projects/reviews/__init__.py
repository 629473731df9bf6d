"""Review of a batch: its panel drawn, proposals shared out among its experts, sheets filled in by code, scores."""
