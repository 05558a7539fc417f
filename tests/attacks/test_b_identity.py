"""Attacks T16 to T35: on identity, signoffs and approvals."""

import copy
import hashlib
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from goldengit.models.digest import case_digest
from goldengit.models.signoff import Claim
from goldengit.transport.signatures import payload, sign
from tests import standard as made
from tests.edits import LATER, Edit, apply, parsed
from tests.gitbox import Files, GitBox
from tests.scenarios import found, found_after, found_in
from tests.standard import REPOSITORY, path_of, standard

POLICY = "goldengit.yaml"
NEW = path_of("new-1")
GOLDEN = path_of("golden-1")

needs_ssh = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="needs ssh-keygen")


def _policy(**values: object) -> Edit:
    return {"set": {"path": POLICY, "values": values}}


def _pull(box: GitBox, *commits: tuple[list[Edit], dict[str, Any]]) -> list[str]:
    """Return what is found in a branch of these commits: edits, and who is behind them."""
    files = standard()
    base = head = box.commit(files)
    for edits, people in commits:
        files = apply(files, edits)
        head = box.commit(files, [head], **people)
    return found(box, base, head)


@pytest.mark.parametrize("part", ["author", "committer", "co_authors"])
def test_t16_nobody_signs_off_their_own_case(part: str, shared_box: GitBox) -> None:
    """In the file alone, two reviewers stand; the commit says that one wrote the case."""
    who = "reviewer-2@example.org"
    people = {"author": "reviewer-3@example.org", part: [who] if part == "co_authors" else who}
    assert _pull(shared_box, ([{"case": {"row": "new-1"}}], people)) == [f"GG401 {NEW}"]


def test_t16_a_signoff_of_ones_own_does_not_make_an_author(shared_box: GitBox) -> None:
    """Who only signs is not behind the case."""
    first: list[Edit] = [{"case": {"row": "new-1", "sign": ["reviewer-1:labeler"]}}]
    third, second = ({"author": f"reviewer-{n}@example.org"} for n in (3, 2))
    assert _pull(shared_box, (first, third), ([{"case": {"row": "new-1"}}], second)) == []


def test_t17_a_second_account_is_no_second_person(shared_box: GitBox) -> None:
    """An unknown name counts for nobody; a known number belongs to one entry."""
    unknown: list[Edit] = [
        {"case": {"row": "new-1", "sign": ["reviewer-1:labeler", "reviewer-1b:confirmer"]}}
    ]
    assert found_after(shared_box, unknown) == [f"GG405 {NEW}"]
    twin = {"roles": ["confirmer"], "accounts": [{"id": 101, "login": "another-name"}]}
    edits: list[Edit] = [_policy(version=2, **{"roster.reviewer-1b": twin})]
    assert f"GG402 {POLICY}" in found_after(shared_box, edits)


def test_t18_two_keys_of_one_person_are_one_person(shared_box: GitBox) -> None:
    """Entries, roles and keys are not counted; persons are."""
    twice = ["reviewer-1:labeler", "reviewer-1:confirmer"]
    edits: list[Edit] = [{"case": {"row": "new-1", "sign": twice}}]
    naive = len(parsed(apply(standard(), edits), NEW)["signoffs"])
    assert naive >= 2
    assert set(found_after(shared_box, edits)) == {f"GG403 {NEW}", f"GG413 {NEW}"}


@needs_ssh
def test_t18_one_key_under_two_names_is_one_person(shared_box: GitBox, tmp_path: Path) -> None:
    """Keys are compared without their comments; a comment is no part of a key at all."""
    key = _public(_key(tmp_path / "key"))
    edits: list[Edit] = [
        _policy(version=2, **{f"roster.reviewer-{n}.keys": [{"key": key}] for n in (1, 2)})
    ]
    assert f"GG402 {POLICY}" in found_after(shared_box, edits)
    commented: list[Edit] = [
        _policy(version=2, **{"roster.reviewer-1.keys": [{"key": f"{key} laptop"}]})
    ]
    assert f"GG706 {POLICY}" in found_after(shared_box, commented)


@pytest.mark.parametrize(
    "alias", ["Reviewer-1@Example.ORG", "reviewer-1+x@example.org", "r.eviewer-1@example.org"]
)
def test_t19_an_alias_of_an_address_hides_nobody(alias: str, shared_box: GitBox) -> None:
    """Compared as text, none of them is in the roster."""
    assert alias not in standard()[POLICY].data.decode()
    people = {"author": alias}
    assert _pull(shared_box, ([{"case": {"row": "new-1"}}], people)) == [f"GG401 {NEW}"]


def test_t19_metadata_of_commits_grants_nothing(shared_box: GitBox) -> None:
    """Two reviewers as authors are no two signoffs."""
    forged = {"author": "reviewer-1@example.org", "co_authors": ["reviewer-2@example.org"]}
    edits: list[Edit] = [{"case": {"row": "new-1", "sign": []}}]
    assert _pull(shared_box, (edits, forged)) == [f"GG413 {NEW}"]


def test_t20_an_account_is_its_number_not_its_login(shared_box: GitBox) -> None:
    """A login can be renamed and registered again; an account without a number is refused."""
    renamed: list[Edit] = [
        _policy(version=2, **{"roster.reviewer-2.accounts.0.login": "reviewer-1"})
    ]
    assert found_after(shared_box, renamed) == [f"GG703 {POLICY}"]
    bare: list[Edit] = [_policy(version=2, **{"roster.reviewer-2.accounts": [{"login": "r-2"}]})]
    assert f"GG706 {POLICY}" in found_after(shared_box, bare)


@pytest.mark.parametrize("bot", ["github-actions", "dependabot", "release-bot"])
def test_t21_a_bot_is_no_reviewer(bot: str, shared_box: GitBox) -> None:
    """Nobody outside the roster is."""
    edits: list[Edit] = [
        {"case": {"row": "new-1", "sign": ["reviewer-1:labeler", f"{bot}:confirmer"]}}
    ]
    assert found_after(shared_box, edits) == [f"GG405 {NEW}"]


def test_t22_what_is_changed_after_the_signoffs_is_not_signed(shared_box: GitBox) -> None:
    """The net change looks like a case with two signoffs."""
    signed: list[Edit] = [{"case": {"row": "new-1"}}]
    later: list[Edit] = [
        {"replace": {"path": NEW, "old": "expected_output: A", "new": "expected_output: No"}}
    ]
    findings = _pull(shared_box, (signed, {}), (later, {}))
    assert findings.count(f"GG406 {NEW}") == 2


def test_t23_a_merge_smuggles_nothing_in(shared_box: GitBox) -> None:
    """The tree that would be merged is judged, not the commits that were approved."""
    files = standard()
    fork = shared_box.commit(files)
    approved = apply(files, [{"case": {"row": "new-1"}}])
    branch = shared_box.commit(approved, [fork])
    upstream_files = apply(files, [{"write": {"path": "README.md", "text": "# New\n"}}])
    upstream = shared_box.commit(upstream_files, [fork])
    evil = apply(
        apply(approved, [{"write": {"path": "README.md", "text": "# New\n"}}]),
        [{"replace": {"path": NEW, "old": "expected_output: A", "new": "expected_output: No"}}],
    )
    merge = shared_box.commit(evil, [branch, upstream])
    assert shared_box.git("log", "--raw", "--format=", "-1", merge) == ""  # nothing to see
    assert found(shared_box, upstream, merge).count(f"GG406 {NEW}") == 2


def test_t26_who_has_left_or_never_had_the_role_does_not_sign(shared_box: GitBox) -> None:
    """What was signed while the role was held stays."""
    ended = _policy(**{"roster.reviewer-2.valid_to": "2026-07-31"})
    edits: list[Edit] = [{"case": {"row": "new-1"}}]
    assert found_after(shared_box, edits, [ended]) == [f"GG407 {NEW}"]
    assert found_in(shared_box, shared_box.commit(apply(standard(), [ended]))) == []
    early: list[Edit] = [_policy(**{"roster.reviewer-2.valid_from": "2026-08-20"})]
    assert found_after(shared_box, edits, early) == [f"GG407 {NEW}"]


# -- signatures ----------------------------------------------------------------------------


def _key(path: Path) -> Path:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)
    return path


def _public(key: Path) -> str:
    return " ".join(Path(f"{key}.pub").read_text().split()[:2])


class _Signers:
    """Two reviewers with keys of their own, in a repository whose roster has them."""

    def __init__(self, folder: Path) -> None:
        self.keys = {name: _key(folder / name) for name in ("reviewer-1", "reviewer-2")}
        marks = {f"roster.{n}.keys": [{"key": _public(key)}] for n, key in self.keys.items()}
        self.roster = _policy(**marks)
        self.base = apply(standard(), [self.roster])

    def signed(self, value: dict[str, Any], **claimed: Any) -> dict[str, Any]:
        """Return a case of `support` with two signed signoffs; `claimed` lies about the context."""
        value = made.signed(copy.deepcopy(value), at=LATER)
        for signoff in value["signoffs"]:
            claim = Claim(
                repository=claimed.get("repository", REPOSITORY),
                dataset=claimed.get("dataset", "support"),
                case=claimed.get("case", value["id"]),
                transition=claimed.get("transition", "promote"),
                digest=signoff["digest"],
                appendix=None,
                person=signoff["reviewer"],
                role=signoff["role"],
                at=signoff["at"],
            )
            signoff["signature"] = sign(payload(claim), self.keys[signoff["reviewer"]])
        return value


@pytest.fixture(scope="module")
def signers(tmp_path_factory: pytest.TempPathFactory) -> _Signers:
    return _Signers(tmp_path_factory.mktemp("keys"))


def _stored(files: Files, path: str, value: dict[str, Any]) -> Files:
    from tests.edits import _store

    files = dict(files)
    _store(files, path, value)
    return files


def _confirmed(box: GitBox, base: Files, head: Files) -> list[str]:
    names = [box.git("rev-parse", f"{box.commit(files)}^{{tree}}") for files in (base, head)]
    return found(box, *names, confirmed=True)


@needs_ssh
def test_t27_a_signature_is_good_where_it_was_made(shared_box: GitBox, signers: _Signers) -> None:
    """Two people, two keys, this case: nothing is left to confirm."""
    value = signers.signed(made.content("new-1"))
    assert _confirmed(shared_box, signers.base, _stored(signers.base, NEW, value)) == []


@needs_ssh
@pytest.mark.parametrize(
    "elsewhere",
    [
        {"dataset": "grading"},
        {"case": "2026-07-01-vouchers-000000"},
        {"repository": "00000000-0000-4000-8000-000000000000"},
        {"transition": "withdraw"},
    ],
)
def test_t27_a_signature_is_not_carried_elsewhere(
    elsewhere: dict[str, str], shared_box: GitBox, signers: _Signers
) -> None:
    """The digest is right and the key is right; only the context is another."""
    value = signers.signed(made.content("new-1"), **elsewhere)
    assert all(one["digest"] == case_digest(value) for one in value["signoffs"])
    findings = _confirmed(shared_box, signers.base, _stored(signers.base, NEW, value))
    assert findings == [f"GG408 {NEW}"] * 2


def test_t28_a_recorded_no_is_not_deleted(shared_box: GitBox) -> None:
    """Nor is a signoff of another person rewritten."""
    path = path_of("candidate-1")
    objection = {"reviewer": "reviewer-3", "at": "2026-08-10T08:00:00Z", "reason": "Out of date."}
    base: list[Edit] = [
        {
            "set": {
                "path": path,
                "values": {"objections": [objection]},
                "sign": ["reviewer-1:labeler"],
            }
        }
    ]
    removed: list[Edit] = [{"set": {"path": path, "unset": ["objections"], "sign": []}}]
    assert f"GG302 {path}" in found_after(shared_box, removed, base)
    rewritten: list[Edit] = [{"set": {"path": path, "values": {"signoffs.0.role": "confirmer"}}}]
    assert f"GG302 {path}" in found_after(shared_box, rewritten, base)


def test_t29_names_that_somebody_wrote_down_prove_nothing(shared_box: GitBox) -> None:
    """Where confirmation is required, a claim without proof is refused."""
    head = apply(standard(), [{"case": {"row": "new-1"}}])
    assert found_after(shared_box, [{"case": {"row": "new-1"}}]) == []
    assert _confirmed(shared_box, standard(), head) == [f"GG409 {NEW}"] * 2


@needs_ssh
def test_t29_a_signature_counts_only_where_the_policy_accepts_it(
    shared_box: GitBox, signers: _Signers
) -> None:
    """A policy may accept reviews alone."""
    base = apply(signers.base, [_policy(**{"signoffs.accept": ["github-review"]})])
    value = signers.signed(made.content("new-1"))
    assert _confirmed(shared_box, base, _stored(base, NEW, value)) == [f"GG409 {NEW}"] * 2


def test_t30_old_signoffs_do_not_outlive_an_objection(shared_box: GitBox) -> None:
    """The objection is resolved, but the signoffs are from before it."""
    objection = {
        "reviewer": "reviewer-3",
        "at": "2026-08-01T08:00:00Z",
        "reason": "Out of date.",
        "resolved_by": "reviewer-4",
        "resolved_at": "2026-08-02T08:00:00Z",
        "resolution": "It was not.",
    }
    old = ["reviewer-1:labeler@2026-07-02T08:00:00Z", "reviewer-2:confirmer@2026-07-02T08:00:00Z"]
    case = {"row": "new-1", "values": {"objections": [objection]}}
    assert found_after(shared_box, [{"case": case}]) == []
    assert found_after(shared_box, [{"case": case | {"sign": old}}]) == [f"GG410 {NEW}"] * 2


def test_t31_two_of_one_team_are_not_independent(shared_box: GitBox) -> None:
    """Where the policy wants signers of different teams."""
    base = [_policy(**{"signoffs.distinct_teams": True})]
    assert found_after(shared_box, [{"case": {"row": "new-1"}}], base) == [f"GG411 {NEW}"]


def test_t32_many_cases_at_once_are_not_rubber_stamped(shared_box: GitBox) -> None:
    """Neither in one change nor by one person in a day."""
    edits: list[Edit] = [{"case": {"row": f"new-{n}"}} for n in (1, 2, 3)]
    assert found_after(shared_box, edits) == []
    base = [_policy(**{"signoffs.max_promotions_per_change": 2})]
    assert found_after(shared_box, edits, base) == [f"GG412 {NEW}"]
    base = [_policy(**{"signoffs.max_promotions_per_person_per_day": 2})]
    assert set(found_after(shared_box, edits, base)) == {f"GG412 {NEW}"}


@needs_ssh
def test_t33_a_stolen_key_signs_nothing(shared_box: GitBox, signers: _Signers) -> None:
    """Whatever day the thief writes down; a withdrawal repairs what rests on it."""
    value = signers.signed(made.content("new-1"))
    stolen = _policy(**{"roster.reviewer-2.keys.0.compromised_since": "2026-08-20T00:00:00Z"})
    base = apply(signers.base, [stolen])
    head = _stored(base, NEW, value)
    assert _confirmed(shared_box, base, head) == [f"GG416 {NEW}"]
    assert f"GG416 {NEW}" in found_in(shared_box, shared_box.commit(head), deep=True)
    closed = apply(head, [{"withdraw": {"row": "new-1"}}])
    assert found_in(shared_box, shared_box.commit(closed), deep=True) == []


def test_t34_the_digest_covers_the_value_and_the_text_agrees_with_it(shared_box: GitBox) -> None:
    """A line break that one reader sees and another does not is refused, whatever was signed."""
    hidden = "grader_hints: Look at it. # note\x85  more: text\n"
    edits: list[Edit] = [
        {"case": {"row": "new-1"}},
        {"append": {"path": NEW, "text": hidden}},
    ]
    assert f"GG107 {NEW}" in found_after(shared_box, edits)
    assert case_digest({"a": 1, "b": 2}) == case_digest({"b": 2, "a": 1})
    with pytest.raises(Exception, match="9007199254740993"):
        case_digest({"a": 9007199254740993})


def test_t35_a_signoff_is_bound_to_sha256_of_the_content_not_to_a_blob_id() -> None:
    """Two blobs with one SHA-1 would still have two digests."""
    value = made.content("new-1")
    canonical = case_digest(value)
    assert canonical.startswith("sha256:")
    assert len(bytes.fromhex(canonical.removeprefix("sha256:"))) == hashlib.sha256().digest_size
    assert case_digest(value | {"severity": "low"}) != canonical
