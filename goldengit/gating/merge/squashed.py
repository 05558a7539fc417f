"""What can be judged of a squashed commit, in which everybody is an author who ever pushed.

Who wrote a case and who signed it was decided on the request's own commits, and so was who
approved a change of the policy.
"""

from goldengit.rules import all_rules
from goldengit.rules.base import Rule

_DECIDED_BEFORE = frozenset({"GG401", "GG417", "GG703"})


def squashed_rules() -> list[Rule]:
    """Return the rules that judge a squashed commit."""
    return [rule for rule in all_rules() if rule.code not in _DECIDED_BEFORE]
