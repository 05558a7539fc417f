"""JSON rows as GitHub sends them: every key its OpenAPI promises, filled from the state."""

from tests.fakehub.rows_pulls import PullRows
from tests.fakehub.rules import Json, Ruleset


class Rows(PullRows):
    """All rows; here those of rulesets."""

    def ruleset(self, ruleset: Ruleset, *, whole: bool, bypass: bool) -> Json:
        """Return a `repository-ruleset`: lists leave the rules out, readers see no bypass."""
        url = f"{self.root}/rulesets/{ruleset.id}"
        row: Json = {
            "id": ruleset.id,
            "node_id": f"RRS_{ruleset.id}",
            "name": ruleset.body["name"],
            "target": ruleset.body.get("target", "branch"),
            "enforcement": ruleset.body["enforcement"],
            "source": self.repository,
            "source_type": "Repository",
            "created_at": ruleset.created_at,
            "updated_at": ruleset.updated_at,
            "_links": {"self": {"href": url}, "html": None},
        }
        if whole:
            row["conditions"] = ruleset.body.get("conditions")
            row["rules"] = ruleset.body.get("rules", [])
        if whole and bypass:
            row["bypass_actors"] = ruleset.body.get("bypass_actors", [])
        return row

    def rule(self, ruleset: Ruleset, rule: Json) -> Json:
        """Return a `repository-rule-detailed`."""
        return {
            **rule,
            "ruleset_id": ruleset.id,
            "ruleset_source": self.repository,
            "ruleset_source_type": "Repository",
        }
