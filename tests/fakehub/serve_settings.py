"""Rules, rulesets, CODEOWNERS, environments and Actions settings."""

from typing import Any

from tests.fakehub.refusal import Refusal, not_found
from tests.fakehub.routes import Answer, Ask, Listed, route
from tests.fakehub.rules import Ruleset
from tests.fakehub.settings import Environment

ROOT = "/repos/{owner}/{repo}"
RULESET = f"{ROOT}/rulesets/{{ruleset_id}}"
ENVIRONMENT = f"{ROOT}/environments/{{environment_name}}"


@route(f"GET {ROOT}/rules/branches/{{branch}}", "metadata:read")
def branch_rules(ask: Ask) -> Listed:
    """List the active rules of a branch, which need not exist."""
    _planned(ask)
    rows = ask.hub.rows
    return Listed([rows.rule(*found) for found in ask.hub.rules_of(ask.names["branch"])])


@route(f"GET {ROOT}/rulesets", "metadata:read")
def rulesets(ask: Ask) -> Listed:
    """List the rulesets without their rules."""
    _planned(ask)
    return Listed([_row(ask, ruleset, whole=False) for ruleset in ask.hub.rulesets.values()])


@route(f"POST {ROOT}/rulesets", "administration:write")
def create_ruleset(ask: Ask) -> Answer:
    """Make a ruleset of an importable file (section 7.1)."""
    _planned(ask)
    ruleset = ask.hub.add_ruleset(ask.body, by=ask.person.user)
    return Answer(_row(ask, ruleset), 201)


@route(f"GET {RULESET}", "metadata:read")
def ruleset(ask: Ask) -> Answer:
    """Return a ruleset; who may bypass it is for those who may change it."""
    return Answer(_row(ask, _ruleset(ask)))


@route(f"PUT {RULESET}", "administration:write")
def change_ruleset(ask: Ask) -> Answer:
    """Replace what the body names."""
    ask.hub.change_ruleset(_ruleset(ask), ask.body, by=ask.person.user)
    return Answer(_row(ask, _ruleset(ask)))


@route(f"GET {RULESET}/history", "administration:write")
def ruleset_history(ask: Ask) -> Listed:
    """List the versions, newest first."""
    versions = reversed(_ruleset(ask).history)
    return Listed(
        [
            {"version_id": version, "actor": {"id": by.id, "type": by.type}, "updated_at": when}
            for version, by, when in versions
        ]
    )


@route(f"GET {ROOT}/codeowners/errors", "contents:read")
def codeowners_errors(ask: Ask) -> Answer:
    """Return the bad lines; 404 when there is no such file."""
    if not ask.hub.has_codeowners():
        raise not_found()
    return Answer({"errors": ask.hub.codeowners_errors})


@route(f"GET {ROOT}/environments", "actions:read")
def environments(ask: Ask) -> Listed:
    """List the environments."""
    made = ask.hub.environments.values()
    return Listed([_environment_row(ask, found) for found in made], "environments")


@route(f"GET {ENVIRONMENT}", "actions:read")
def environment(ask: Ask) -> Answer:
    """Return an environment."""
    return Answer(_environment_row(ask, _environment(ask)))


@route(f"GET {ENVIRONMENT}/deployment-branch-policies", "actions:read")
def branch_policies(ask: Ask) -> Listed:
    """List the patterns of branches that may deploy."""
    patterns = _environment(ask).branches or []
    rows = [
        {"id": at, "node_id": f"DBP_{at}", "name": name, "type": "branch"}
        for at, name in enumerate(patterns, 1)
    ]
    return Listed(rows, "branch_policies")


@route(f"GET {ROOT}/actions/permissions", "administration:read")
def actions_permissions(ask: Ask) -> Answer:
    """Return which actions may run."""
    return Answer(ask.hub.actions_permissions)


@route(f"GET {ROOT}/actions/permissions/workflow", "administration:read")
def workflow_permissions(ask: Ask) -> Answer:
    """Return the default permissions of GITHUB_TOKEN, and whether it may approve."""
    return Answer(ask.hub.workflow_permissions)


def _planned(ask: Ask) -> None:
    """Refuse what a private repository on a Free plan does not have (section 3.4)."""
    if not ask.hub.plan_has_rules:
        raise Refusal(403, "Upgrade to GitHub Pro or make this repository public.")


def _ruleset(ask: Ask) -> Ruleset:
    _planned(ask)
    number = ask.names["ruleset_id"]
    found = ask.hub.rulesets.get(int(number)) if number.isdecimal() else None
    if found is None:
        raise not_found()
    return found


def _row(ask: Ask, ruleset: Ruleset, *, whole: bool = True) -> dict[str, Any]:
    bypass = ask.hub.allowed(ask.caller, "administration", "write")
    return ask.hub.rows.ruleset(ruleset, whole=whole, bypass=bypass)


def _environment(ask: Ask) -> Environment:
    found = ask.hub.environments.get(ask.names["environment_name"])
    if found is None:
        raise not_found()
    return found


def _environment_row(ask: Ask, made: Environment) -> dict[str, Any]:
    rows = ask.hub.rows
    custom = made.branches is not None
    policy = {"protected_branches": made.protected_branches, "custom_branch_policies": custom}
    limited = custom or made.protected_branches
    rule = {"id": made.id, "node_id": f"GA_{made.id}", "type": "branch_policy"}
    return {
        "id": made.id,
        "node_id": f"EN_{made.id}",
        "name": made.name,
        "url": f"{rows.root}/environments/{made.name}",
        "html_url": f"{rows.site}/{rows.repository}/deployments",
        "created_at": made.created_at,
        "updated_at": made.created_at,
        "protection_rules": [rule] if limited else [],
        "deployment_branch_policy": policy if limited else None,
    }
