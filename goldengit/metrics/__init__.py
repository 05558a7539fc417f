"""The shelf of metrics: verdicts and labels become intervals, probabilities and comparisons.

One file a question; a part knows the nouns and `base`, no other part. Nothing here draws a random
number: closed forms and fixed grids only, so that two machines print the same manifest.
"""
