"""Calibrating: an evaluator is measured against people, and a manifest says what came out.

`fit` trains a classifier, `labels` says which cases people settled, `run` has the verdicts given,
`manifest` computes what they are worth, `desk` writes it.
"""
