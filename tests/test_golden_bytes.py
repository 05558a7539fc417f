"""The bytes that are frozen for ever.

Whatever fails here would void signatures or data that people already have: the code is to be
repaired, not the expectation.
"""

import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldengit.models import facts, identity, layout
from goldengit.models.case import Case
from goldengit.models.change import REGULAR, Entry
from goldengit.models.claims import claims_of
from goldengit.models.digest import appendix_digest, canonical, case_digest, erasure_digest
from goldengit.models.label import fold
from goldengit.models.reading import ReadLimits
from goldengit.models.signoff import NAMESPACE, Claim
from goldengit.repository import yaml_reader, yaml_writer
from goldengit.repository.interpret import interpret
from tests.golden_files import ADR, CASE, DATASET, GOLDEN, PLACES, parsed, policy
from tests.json_by_hand import by_hand

REPOSITORY = "5f0c8a52-1d3e-4b7a-9c64-8e2f7a90b1d6"
TRACE = "9d3c0a51e7b84f26a0c5d2718e6f4b93"
SUCCESSOR = "2026-08-02-analyst-answers-015e63"
VARIANT = "2026-04-30-analyst-answers-508769"
DIGEST = "sha256:44f71180712e240835f9eb8c2c74f5294caa55113e795580f8778a9586a22e69"
APPENDIX = {
    "promote": None,
    "supersede": "sha256:5f0c7f1ede8cd7cd9e57c46dec9c0eda24ee70e82ef9d51015a06f7614f6242e",
    "withdraw": "sha256:cdfc42e941e7911d541e158ce696aacc27e07dc09306f7a07eade48956dcaa01",
    "erase": "sha256:245cbc53f5e6448f16e90c2f8a95754e96e497958623e2c8e53c894de47a5335",
}
MAY_LEAF = "20fffc0c8aeb04a573a20ca643a73ba941f0c7288ecb6ca7dde4be275fa57476"
AUGUST_LEAF = "79ce8ef752fe9134c631487b8df3aa5d1dd735d8dd0e7baee101c2fbc90857d8"
ROOT = "sha256:99f7e4bd0cab5fca4772a727a08d11707bc94fc3b530a3d6e53c0e71754c4e6e"


# Case, appendices, tombstone.


def test_the_digest_of_the_example_case_is_pinned() -> None:
    """Canonical bytes and digest follow from the file without the program's help."""
    value = parsed("case.yaml")
    frozen = by_hand({key: value[key] for key in value if key != "signoffs"}).encode()
    assert (GOLDEN / "case.json").read_bytes() == frozen
    assert f"sha256:{hashlib.sha256(frozen).hexdigest()}" == DIGEST == case_digest(value)
    assert f"`{DIGEST}`" in (ADR / "0001-data-formats.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["superseded.yaml", "withdrawn.yaml"])
def test_an_appendix_leaves_bytes_and_digest_of_the_case(name: str) -> None:
    """The file with an appendix begins with the file without it."""
    assert (GOLDEN / name).read_bytes().startswith((GOLDEN / "case.yaml").read_bytes())
    assert case_digest(parsed(name)) == DIGEST


@pytest.mark.parametrize("key", sorted(set(parsed("case.yaml")) - {"signoffs"}))
def test_every_key_of_a_case_is_inside_its_digest(key: str) -> None:
    """Labels and objections too: leaving any key out gives another digest."""
    value = parsed("case.yaml")
    del value[key]
    assert case_digest(value) != DIGEST


def test_a_key_that_is_null_differs_from_a_key_that_is_absent() -> None:
    """The digest is taken from the file, not from a model that fills in defaults."""
    value = parsed("case.yaml")
    null = {**value, "grader_hints": None}
    absent = {key: value[key] for key in value if key != "grader_hints"}
    assert Case.model_validate(null) == Case.model_validate(absent)
    assert case_digest(null) != case_digest(absent)


def test_appendix_and_erasure_digests_are_pinned() -> None:
    """Each covers the case's digest and its own block without the block's signoffs."""
    superseded = parsed("superseded.yaml")["superseded_by"]
    withdrawn = parsed("withdrawn.yaml")["withdrawn"]
    erased = parsed("tombstone.yaml")["erased"]
    assert appendix_digest(DIGEST, superseded) == APPENDIX["supersede"]
    assert appendix_digest(DIGEST, withdrawn) == APPENDIX["withdraw"]
    assert erasure_digest(DIGEST, erased) == APPENDIX["erase"]
    bare = {key: erased[key] for key in ("at", "reason")}
    by_oracle = hashlib.sha256(by_hand({"case": DIGEST, "erased": bare}).encode()).hexdigest()
    assert f"sha256:{by_oracle}" == APPENDIX["erase"]


def test_a_withdrawal_and_an_erasure_of_equal_words_have_different_digests() -> None:
    """Consent to the one is no consent to the other."""
    block = {"reason": "the same words", "at": "2026-09-03T08:00:00Z"}
    assert appendix_digest(DIGEST, block) != erasure_digest(DIGEST, block)


def test_a_tombstone_keeps_what_signatures_need_and_no_free_text_of_labels() -> None:
    """Id, digest, signoffs and an earlier appendix stay; labels lose only their notes."""
    before, after = parsed("superseded.yaml"), parsed("tombstone.yaml")
    assert (before["id"], DIGEST, DATASET) == (after["id"], after["digest"], after["dataset"])
    assert before["signoffs"] == after["signoffs"]
    assert before["superseded_by"] == after["superseded_by"]
    bare = [{key: label[key] for key in label if key != "note"} for label in before["labels"]]
    assert bare == after["labels"]


def test_the_attachment_of_the_example_is_named_by_its_content() -> None:
    """The case holds size and SHA-256 of the blob, so its digest covers the bytes."""
    (attachment,) = parsed("case.yaml")["attachments"]
    data = (GOLDEN / "attachment.txt").read_bytes()
    assert attachment["sha256"] == hashlib.sha256(data).hexdigest()
    assert attachment["size"] == len(data)


# Labels.


def test_label_drafts_fold_into_the_labels_of_the_golden_case() -> None:
    """The candidate with its drafts folded in has the golden case's digest."""
    candidate = parsed("candidate.yaml")
    drafts = [parsed(f"labels-reviewer-{number}.yaml") for number in (1, 2)]
    folded = fold(candidate["labels"], drafts)
    assert (GOLDEN / "labels-folded.json").read_bytes() == by_hand(folded).encode()
    assert case_digest({**candidate, "labels": folded}) == DIGEST != case_digest(candidate)


# Signatures.


def claims(name: str) -> Iterator[tuple[Claim, str]]:
    """Yield each signoff of a golden file in its context, with its signature."""
    value = parsed(name)
    for transition, block in (
        ("promote", value),
        ("supersede", value.get("superseded_by", {})),
        ("withdraw", value.get("withdrawn", {})),
        ("erase", value.get("erased", {})),
    ):
        for signoff in block.get("signoffs", []):
            appendix = APPENDIX[transition]
            assert signoff["digest"] == (appendix or DIGEST)
            claim = {"person": signoff["reviewer"], "role": signoff["role"], "at": signoff["at"]}
            context = {"repository": REPOSITORY, "dataset": DATASET, "case": CASE}
            covered = {"transition": transition, "digest": DIGEST, "appendix": appendix}
            yield Claim.model_validate({**claim, **context, **covered}), signoff["signature"]


@pytest.mark.parametrize(
    ("transition", "name"),
    [
        ("promote", "case.yaml"),
        ("supersede", "superseded.yaml"),
        ("withdraw", "withdrawn.yaml"),
        ("erase", "tombstone.yaml"),
    ],
)
def test_the_signed_bytes_of_a_claim_are_pinned(transition: str, name: str) -> None:
    """The same claim gives the same bytes, in the program and by hand."""
    first = next(claim for claim, _ in claims(name) if claim.transition == transition)
    wanted = (GOLDEN / f"payload-{transition}.json").read_bytes()
    assert wanted == canonical(first.payload()) == by_hand(first.payload()).encode()


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")
@pytest.mark.parametrize("name", ["superseded.yaml", "withdrawn.yaml", "tombstone.yaml"])
def test_the_signatures_of_the_examples_verify_with_the_roster_of_the_example_policy(
    name: str, tmp_path: Path
) -> None:
    """OpenSSH itself accepts the pinned signatures over the pinned payloads."""
    allowed, armour = tmp_path / "allowed", tmp_path / "signature"
    roster = policy().roster.items()
    lines = [f'{who} namespaces="{NAMESPACE}" {key.key}' for who, one in roster for key in one.keys]
    allowed.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for claim, signature in claims(name):
        armour.write_text(
            f"-----BEGIN SSH SIGNATURE-----\n{signature}\n-----END SSH SIGNATURE-----\n",
            encoding="utf-8",
        )
        command = ["ssh-keygen", "-Y", "verify", "-n", NAMESPACE, "-I", claim.person]
        subprocess.run(
            [*command, "-f", str(allowed), "-s", str(armour)],
            input=canonical(claim.payload()),
            check=True,
            capture_output=True,
        )


@pytest.mark.parametrize("name", ["superseded.yaml", "withdrawn.yaml", "tombstone.yaml"])
def test_the_program_finds_these_claims_in_the_file(name: str) -> None:
    """Context follows from the place: no claim is missing, each names its present digest."""
    data = (GOLDEN / name).read_bytes()
    entry = Entry(PLACES[name], REGULAR, "0" * 40)
    found = list(claims_of(interpret(entry, len(data), data, ReadLimits()), REPOSITORY))
    assert [(one.claim, one.signoff.signature) for one in found] == list(claims(name))
    assert all(one.signoff.digest == one.subject for one in found)


# Ids, places, version.


def test_ids_are_pinned_for_each_kind_of_row() -> None:
    """A trace, a predecessor and an input each give the same id for ever."""
    feature = "Analyst answers"
    question = {"question": "Who first reported the decline of moths at site A?"}
    assert identity.id_for_trace("2026-05-23", feature, DATASET, TRACE) == CASE
    assert identity.id_for_successor("2026-08-02", feature, CASE, 1) == SUCCESSOR
    assert identity.id_for_input("2026-04-30", feature, DATASET, question) == VARIANT
    seed = by_hand({"trace_id": TRACE, "dataset": DATASET}).encode()
    assert CASE.endswith(f"-{hashlib.sha256(seed).hexdigest()[:6]}")


def test_places_are_pinned() -> None:
    """The path of a golden case and its first line follow from its id."""
    path = layout.golden_path(DATASET, CASE)
    assert path == f"datasets/research-assistant/golden/2026-05/{CASE}.yaml"
    assert layout.locate(path) == layout.Spot(layout.Kind.GOLDEN, DATASET, CASE, "", "2026-05")
    line = "# yaml-language-server: $schema=../../../../schemas/case-v1.json"
    assert layout.schema_line(path) == line


def test_month_leaf_and_merkle_root_are_pinned() -> None:
    """The version of a dataset is one hash over its months, each one hash over its cases."""
    other = (SUCCESSOR, f"sha256:{'a' * 64}")
    assert facts.month_leaf([(CASE, DIGEST)]) == MAY_LEAF
    assert hashlib.sha256(f"{CASE} {DIGEST}\n".encode()).hexdigest() == MAY_LEAF
    assert facts.month_leaf([other]) == AUGUST_LEAF
    assert facts.merkle_root({"2026-08": AUGUST_LEAF, "2026-05": MAY_LEAF}) == ROOT
    lines = f"2026-05 {MAY_LEAF}\n2026-08 {AUGUST_LEAF}\n"
    assert f"sha256:{hashlib.sha256(lines.encode()).hexdigest()}" == ROOT
    assert facts.merkle_root({}) == f"sha256:{hashlib.sha256(b'').hexdigest()}"


@given(st.permutations([(f"2026-05-{day:02}-a-000000", DIGEST) for day in range(1, 7)]))
def test_a_month_leaf_does_not_depend_on_order(cases: list[tuple[str, str]]) -> None:
    """Two clones that list a month differently get the same leaf."""
    assert facts.month_leaf(cases) == facts.month_leaf(sorted(cases))


# House style.


@pytest.mark.parametrize("name", sorted(PLACES))
def test_a_golden_file_is_read_and_written_back_byte_for_byte(name: str) -> None:
    """The strict reader agrees with PyYAML, and the writer gives the file again."""
    data = (GOLDEN / name).read_bytes()
    reading = yaml_reader.read(data)
    assert not reading.refusals
    assert reading.value is not None
    assert canonical(parsed(name)) == canonical(reading.value)
    assert data == yaml_writer.write(reading.value, first_line=layout.schema_line(PLACES[name]))


@pytest.mark.parametrize(
    ("name", "key"), [("superseded.yaml", "superseded_by"), ("withdrawn.yaml", "withdrawn")]
)
def test_appending_a_block_gives_the_pinned_file(name: str, key: str) -> None:
    """What the program appends is what the record shows."""
    before = (GOLDEN / "case.yaml").read_bytes()
    assert (GOLDEN / name).read_bytes() == yaml_writer.append(before, key, parsed(name)[key])
