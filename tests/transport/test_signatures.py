"""SSH signatures: made and verified by the real ssh-keygen, bound to what they were made for."""

import base64
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldengit.errors import CannotJudgeError, GoldengitError, UsageError
from goldengit.models.policy import Policy
from goldengit.models.signoff import Claim, Proof
from goldengit.transport.signatures import fingerprint, payload, sign, verify

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="needs ssh-keygen")

REPOSITORY = "3f0c9a52-7d1e-4b86-9a3f-51c2d8e60b47"
CLAIM = Claim(
    repository=REPOSITORY,
    dataset="support",
    case="2026-03-02-refunds-7f3a9c",
    transition="promote",
    digest="sha256:" + "1" * 64,
    appendix=None,
    person="reviewer-1",
    role="labeler",
    at="2026-03-02T10:00:00Z",
)
ELSEWHERE = {
    "repository": "00000000-0000-4000-8000-000000000000",
    "dataset": "grading",
    "case": "2026-03-02-refunds-000000",
    "transition": "withdraw",
    "digest": "sha256:" + "2" * 64,
    "appendix": "sha256:" + "3" * 64,
    "role": "confirmer",
    "at": "2026-03-02T10:00:01Z",
}


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the private keys of three people, and one that nobody has."""
    folder = tmp_path_factory.mktemp("keys")
    names = ("reviewer-1", "reviewer-2", "spare", "stranger")
    return {name: _key(folder / name) for name in names}


def _key(path: Path, *words: str) -> Path:
    kind = words or ("-t", "ed25519", "-N", "")
    subprocess.run(["ssh-keygen", "-q", *kind, "-C", "a comment", "-f", str(path)], check=True)
    return path


def _public(key: Path) -> str:
    return " ".join(Path(f"{key}.pub").read_text().split()[:2])


def _policy(keys: dict[str, Path], **limits: str) -> Policy:
    """Return a policy; `limits` are set on the first key of reviewer-1."""
    person = {"roles": ["labeler", "confirmer", "maintainer"]}
    first = {"key": _public(keys["reviewer-1"]), **limits}
    return Policy.model_validate(
        {
            "schema": "goldengit/policy/v1",
            "version": 1,
            "repository": REPOSITORY,
            "roster": {
                "reviewer-1": {**person, "keys": [first, {"key": _public(keys["spare"])}]},
                "reviewer-2": {**person, "keys": [{"key": _public(keys["reviewer-2"])}]},
            },
        }
    )


@pytest.fixture(scope="module")
def body(keys: dict[str, Path]) -> str:
    """Return reviewer-1's signature of the claim."""
    return sign(payload(CLAIM), keys["reviewer-1"])


def _proof(body: str, policy: Policy, claim: Claim = CLAIM) -> Proof:
    return verify({claim: body}, policy)[claim]


def test_a_signature_by_the_person_verifies(keys: dict[str, Path], body: str) -> None:
    """The proof names the key as ssh-keygen prints it."""
    proof = _proof(body, _policy(keys))
    listed = subprocess.run(
        ["ssh-keygen", "-l", "-f", f"{keys['reviewer-1']}.pub"],
        capture_output=True,
        check=True,
        text=True,
    ).stdout.split()[1]
    assert (proof.kind, proof.verified, proof.key) == ("ssh", True, listed)
    assert listed == fingerprint(_public(keys["reviewer-1"]))


def test_a_signature_is_one_line_of_base64(body: str) -> None:
    """It stands in a YAML file as one plain text."""
    assert base64.b64decode(body, validate=True).startswith(b"SSHSIG")


def test_each_key_of_a_person_counts(keys: dict[str, Path]) -> None:
    """A person may have a second key."""
    proof = _proof(sign(payload(CLAIM), keys["spare"]), _policy(keys))
    assert proof.verified


@pytest.mark.parametrize("field", sorted(ELSEWHERE))
def test_a_signature_does_not_verify_in_another_context(
    field: str, keys: dict[str, Path], body: str
) -> None:
    """Every field of the claim is covered."""
    moved = CLAIM.model_copy(update={field: ELSEWHERE[field]})
    proof = _proof(body, _policy(keys), moved)
    assert (proof.verified, proof.fault) == (False, "wrong-context")


def test_a_signature_does_not_count_for_another_person(keys: dict[str, Path], body: str) -> None:
    """The refusal says whose key it is."""
    proof = _proof(body, _policy(keys), CLAIM.model_copy(update={"person": "reviewer-2"}))
    assert proof.fault == "bad-signature"
    assert proof.problem == "its key belongs to reviewer-1, not to reviewer-2"


def test_a_key_outside_the_roster_counts_for_nobody(keys: dict[str, Path]) -> None:
    """The roster says which keys a person has."""
    proof = _proof(sign(payload(CLAIM), keys["stranger"]), _policy(keys))
    assert proof.fault == "bad-signature"
    assert "not among the keys of reviewer-1" in proof.problem


@pytest.mark.parametrize(
    ("limits", "good"),
    [
        ({"valid_from": "2026-03-02", "valid_to": "2026-03-02"}, True),
        ({"valid_from": "2026-03-03"}, False),
        ({"valid_to": "2026-03-01"}, False),
        ({"revoked_at": "2026-03-02T10:00:01Z"}, True),
        ({"revoked_at": "2026-03-02T10:00:00Z"}, False),
        ({"compromised_since": "2026-12-31T00:00:00Z"}, False),
    ],
)
def test_a_key_counts_only_while_it_is_good(
    limits: dict[str, str], good: bool, keys: dict[str, Path], body: str
) -> None:
    """A compromised key never counts, because the time is the signer's own word."""
    proof = _proof(body, _policy(keys, **limits))
    assert (proof.verified, proof.fault) == (good, None if good else "revoked-key")


def test_a_git_commit_signature_is_no_signoff(keys: dict[str, Path], tmp_path: Path) -> None:
    """Another namespace is another purpose."""
    message = tmp_path / "message"
    message.write_bytes(payload(CLAIM))
    words = ["-Y", "sign", "-q", "-n", "git", "-f", str(keys["reviewer-1"]), str(message)]
    subprocess.run(["ssh-keygen", *words], check=True, capture_output=True)
    armoured = Path(f"{message}.sig").read_text().splitlines()
    proof = _proof("".join(armoured[1:-1]), _policy(keys))
    assert proof.fault == "bad-signature"


@settings(max_examples=25, deadline=None)
@given(place=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_a_changed_byte_of_a_signature_is_refused(
    keys: dict[str, Path], body: str, place: int, flip: int
) -> None:
    """Whatever byte it is."""
    blob = bytearray(base64.b64decode(body))
    blob[place % len(blob)] ^= flip
    assert not _proof(base64.b64encode(blob).decode(), _policy(keys)).verified


@given(blob=st.binary(max_size=200))
def test_any_bytes_are_refused_without_an_exception(keys: dict[str, Path], blob: bytes) -> None:
    """What is no signature is bad, and ssh-keygen need not be asked."""
    proof = _proof(base64.b64encode(b"SSHSIG\0\0\0\1" + blob).decode(), _policy(keys))
    assert proof.fault == "bad-signature"


def test_many_proofs_come_in_the_order_of_the_claims(keys: dict[str, Path], body: str) -> None:
    """Though they are made side by side."""
    claims = [CLAIM.model_copy(update={"case": f"2026-03-02-refunds-{n:06x}"}) for n in range(9)]
    proofs = verify(dict.fromkeys([*claims, CLAIM], body), _policy(keys))
    assert list(proofs) == [*claims, CLAIM]
    assert [proof.verified for proof in proofs.values()] == [False] * 9 + [True]


def test_a_public_key_signs_through_the_agent(
    keys: dict[str, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The private half may live in an ssh-agent."""
    if shutil.which("ssh-agent") is None:
        pytest.skip("needs ssh-agent")
    with _agent(tmp_path / "agent") as socket:
        monkeypatch.setenv("SSH_AUTH_SOCK", socket)
        subprocess.run(["ssh-add", "-q", str(keys["reviewer-1"])], check=True)
        only = tmp_path / "only.pub"
        only.write_text(Path(f"{keys['reviewer-1']}.pub").read_text())
        assert _proof(sign(payload(CLAIM), only), _policy(keys)).verified


class _agent:  # noqa: N801
    """An ssh-agent in the foreground, ended by its own handle."""

    def __init__(self, socket: Path) -> None:
        self.socket = str(socket)

    def __enter__(self) -> str:
        self.process = subprocess.Popen(
            ["ssh-agent", "-D", "-a", self.socket], stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.process.stdout.readline()
        return self.socket

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.communicate()


def test_a_missing_key_is_told_in_one_line(tmp_path: Path) -> None:
    """The remedy says what to name."""
    with pytest.raises(UsageError, match=r"There is no key .*Name a private key"):
        sign(b"", tmp_path / "absent")


def test_a_key_that_cannot_sign_is_told_in_one_line(tmp_path: Path) -> None:
    """With what ssh-keygen said."""
    key = tmp_path / "no-key"
    key.write_text("nothing")
    with pytest.raises(GoldengitError, match="ssh-keygen did not sign with"):
        sign(b"", key)


def test_without_ssh_keygen_nothing_is_judged(
    keys: dict[str, Path], body: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A missing program is never a pass."""
    policy = _policy(keys)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotJudgeError, match="not installed or not on PATH"):
        verify({CLAIM: body}, policy)


def test_without_signatures_ssh_keygen_is_not_needed(
    keys: dict[str, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Bare claims cost nothing."""
    policy = _policy(keys)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert verify({}, policy) == {}


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder for temporary files of one test."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_nothing_is_left_behind(keys: dict[str, Path], temporary: Path) -> None:
    """Neither a payload nor a list of signers."""
    body = sign(payload(CLAIM), keys["reviewer-1"])
    assert _proof(body, _policy(keys)).verified
    assert list(temporary.iterdir()) == []
