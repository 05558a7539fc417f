"""Gauging: an evaluator of one tree, read whole, with what its calibration is worth there.

Checking, calibrating and evaluating all stand on this: the same evaluator is judged, measured and
used.
"""
