"""揭榜挂帅: a firm's problem argued, announced, bid for, one bid chosen, a contract of three paid by result."""
