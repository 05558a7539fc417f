"""Auditing: the whole history, judged again, step by step; a case's life; the state of things."""
