"""Promoting: every legal edit of a dataset, made by the tool, judged before a byte is written.

One module a verb: promote, sign, successor (a draft of one), supersede, withdraw, erase, format.
Each verb takes the opened store first and `judge`, which tells what the rules say of a tree: a
process may not call another, so whoever wires the two hands it in. Each returns `Done`; none
prints. What the rules refuse is a `RefusedByRulesError`, and then no file has changed.
"""
