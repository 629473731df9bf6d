"""Incubators and makerspaces from the inside: who lives there, what the rules ask, who graduates."""
