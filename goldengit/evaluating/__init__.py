"""Evaluating: a release answers the active cases, the evaluators judge, a scorecard comes back.

An evaluation is no gate: it measures, and whoever compares two scorecards decides.
"""
