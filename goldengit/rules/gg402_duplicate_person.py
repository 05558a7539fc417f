"""GG402: an account, a key or an address belongs to one person."""

from collections.abc import Iterator

from goldengit.models.change import Change, File
from goldengit.models.finding import Finding
from goldengit.models.layout import POLICY
from goldengit.models.policy import Person, normal_address
from goldengit.models.reading import Way
from goldengit.rules.base import Rule


class DuplicatePerson(Rule):
    """No account, key or e-mail address belongs to two people of the roster.

    ## What it does
    Compares the roster's accounts by host and numeric id, its keys by their key material (not by
    comment), and its addresses without case, `+tag` and dots, and reports what two entries share.
    Whether two entries are two humans no program can know: that is for whoever admits them.

    ## Why it matters
    Signoffs are counted by person. One human with two entries would be two reviewers.

    ## Example
    `reviewer-2` has the same public key as `reviewer-1`, with another comment.

    ## How to fix
    Give all accounts, keys and addresses of one human to one entry of the roster in
    `goldengit.yaml`, then run `goldengit check --staged`.
    """

    code = "GG402"
    name = "duplicate-person"

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each mark that an earlier entry of the roster has too."""
        file = change.head.file(POLICY)
        if file is None or file.policy is None:
            return
        owners: dict[tuple[str, ...], str] = {}
        for person_id, person in file.policy.roster.items():
            for mark, way in _marks(person):
                owner = owners.setdefault(mark, person_id)
                if owner != person_id:
                    yield self._shared(file, mark, (owner, person_id), way)

    def _shared(
        self, file: File, mark: tuple[str, ...], people: tuple[str, str], way: Way
    ) -> Finding:
        owner, person = people
        return self.finding(
            file.path,
            f"The {mark[0]} of {person} is also that of {owner}.",
            f"Keep it in one entry of the roster; if {person} and {owner} are one human, that is "
            "one person.",
            line=file.line("roster", person, *way),
        )


def _marks(person: Person) -> Iterator[tuple[tuple[str, ...], Way]]:
    for place, account in enumerate(person.accounts):
        yield ("account", account.host.lower(), str(account.id)), ("accounts", place)
    for place, key in enumerate(person.keys):
        yield ("key", key.key.split(" ")[1]), ("keys", place)
    for place, address in enumerate(person.emails):
        yield ("address", normal_address(address)), ("emails", place)
