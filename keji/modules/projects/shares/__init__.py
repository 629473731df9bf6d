"""联合攻关: one project undertaken by several units, each with its task and its share of the money."""
