"""Candidates for a higher level, tutored step by step (梯度培育)."""
