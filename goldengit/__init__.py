"""goldengit: a golden dataset from production traffic, kept in Git, that can be trusted."""

__version__ = "0.1.0"
