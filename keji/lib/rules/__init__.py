"""Law as formulas over facts, written once: judged firm by firm with every reason, or column by column for a city."""
