"""GG901: no secrets and no personal data in a case."""

from collections.abc import Iterator

from goldengit.models.change import Change, Commit, Sensitive
from goldengit.models.finding import Finding
from goldengit.rules.base import Rule


class SecretInContent(Rule):
    """A case holds no secret and no personal data.

    ## What it does
    Reports keys and tokens of known services, private keys, passwords in URLs, e-mail addresses,
    telephone, card, account and social security numbers, and public IP addresses in rows and label
    drafts: in every text, key and number, and in JSON inside a text. A message never repeats what
    was found. Names of people and postal addresses are not looked for. What a dataset needs, such
    as a support address, stands in `redaction.allow` of its `dataset.yaml`.

    ## Why it matters
    Git keeps for ever what is committed once, and every clone has it.

    ## Example
    A trace contains the header `Authorization: Bearer …`.

    ## How to fix
    If it is a secret, revoke it first. Put a placeholder such as `<EMAIL:9f86d081>` in its place;
    or add a text that may stay to `redaction.allow`. In a case that is golden already, run
    `goldengit erase ID --reason TEXT`.
    """

    code = "GG901"
    name = "secret-in-content"
    needs_policy = False
    waivable = True

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each secret or personal datum that the scan found."""
        for path, found in change.sensitive.items():
            for each in found:
                yield self.finding(
                    path,
                    f"This looks like a secret or personal data ({each.kind}): {each.shown}.",
                    "Revoke it if it is a secret, and put a placeholder in its place; or add it to "
                    "`redaction.allow` of the dataset.",
                    line=each.line,
                )
        squashed = change.policy is not None and change.policy.history.squash_only
        for commit in () if squashed else change.commits:
            for path, found in commit.sensitive.items():
                for each in found:
                    yield self._left_behind(path, commit, each)

    def _left_behind(self, path: str, commit: Commit, each: Sensitive) -> Finding:
        return self.finding(
            path,
            f"Commit {commit.oid[:12]} has what looks like a secret or personal data "
            f"({each.kind}): {each.shown}. It is gone later, but stays in the history.",
            "Revoke it if it is a secret, and rewrite the branch so that no commit has it "
            "(`git rebase --interactive`) before it is merged.",
        )
