"""SSH signatures: made and verified by `ssh-keygen -Y`, bound to a claim and to a namespace.

The payload is the RFC 8785 form of the claim (`models.signoff.Claim.payload`). Only ssh-keygen
decides; the signature blob (SSHSIG, OpenSSH's PROTOCOL.sshsig) is read here merely to know which
key to offer it, and to say in words why it refused.
"""

import base64
import binascii
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

from goldengit.errors import CannotJudgeError, GoldengitError, UsageError
from goldengit.models.digest import canonical
from goldengit.models.policy import Key, Policy
from goldengit.models.signoff import NAMESPACE, Claim, Proof

_ARMOUR = "-----BEGIN SSH SIGNATURE-----\n{body}\n-----END SSH SIGNATURE-----\n"
_ARMOUR_WIDTH = 70
_MAGIC = b"SSHSIG"
_TIMEOUT = 60  # seconds for one verification
_PATIENCE = 600  # seconds for a person to type a passphrase or touch a token
_WORKERS = 4
_MISSING = "`ssh-keygen` is not installed or not on PATH, so signatures cannot be made or verified."
_INSTALL = "Install OpenSSH 8.2 or newer."

Fault = Literal["wrong-context", "revoked-key", "bad-signature"]


def payload(claim: Claim) -> bytes:
    """Return the bytes that a signature of this claim covers."""
    return canonical(claim.payload())


def sign(content: bytes, key: Path) -> str:
    """Return the base64 body, on one line, of a signature over `content`.

    `key` is a private key, or a public one (`.pub`) whose private half an ssh-agent holds. A
    passphrase is asked for on the terminal. Raises `UsageError` when there is no such key and
    `GoldengitError` when ssh-keygen refuses.
    """
    if not key.is_file():
        raise UsageError(f"There is no key {key}.", remedy="Name a private key, or a `.pub` file.")
    with tempfile.TemporaryDirectory(prefix="goldengit-") as folder:
        message = Path(folder, "payload")
        message.write_bytes(content)
        words = ["-Y", "sign", "-q", "-n", NAMESPACE, "-f", str(key), str(message)]
        run = _ssh_keygen(words, timeout=_PATIENCE, interactive=sys.stdin.isatty())
        if run.returncode != 0:
            raise GoldengitError(
                f"ssh-keygen did not sign with {key}: {_last_line(run.stderr)}.",
                remedy="Check the key and its passphrase, or add it to the ssh-agent.",
            )
        return _body(Path(f"{message}.sig").read_text("ascii"))


def verify(signed: Mapping[Claim, str], policy: Policy) -> dict[Claim, Proof]:
    """Return what each signature proves, by claim, in the order given.

    A proof is verified only when ssh-keygen accepts the signature for this claim from a key of
    this person that was good on the day of the claim. Raises `CannotJudgeError` when ssh-keygen is
    missing or does not answer.
    """
    if not signed:
        return {}
    with (
        tempfile.TemporaryDirectory(prefix="goldengit-") as folder,
        ThreadPoolExecutor(_WORKERS) as pool,
    ):
        jobs = [
            pool.submit(_prove, claim, body, policy, Path(folder, str(number)))
            for number, (claim, body) in enumerate(signed.items())
        ]
        return {claim: job.result() for claim, job in zip(signed, jobs, strict=True)}


def fingerprint(public_key: str) -> str:
    """Return the SHA-256 fingerprint of a public key as ssh-keygen prints it.

    `public_key` is `<type> <base64>`, with or without a comment.
    """
    digest = hashlib.sha256(base64.b64decode(public_key.split(" ")[1])).digest()
    return f"SHA256:{base64.b64encode(digest).decode().rstrip('=')}"


def _prove(claim: Claim, body: str, policy: Policy, folder: Path) -> Proof:
    """Return the proof of one claim; `folder` does not exist yet and is only this claim's."""
    person = policy.roster.get(claim.person)
    if person is None:
        return _refused("bad-signature", f"{claim.person} is not in the roster")
    blob = _public_key_of(body)
    if blob is None:
        return _refused("bad-signature", "it is not an OpenSSH signature made for goldengit")
    keys = [key for key in person.keys if _blob(key.key) == blob]
    if not keys:
        return _refused("bad-signature", _foreign(blob, claim, policy))
    for key in keys:
        problem = _unfit(key, claim.at)
        if problem:
            return _refused("revoked-key", problem, key)
    key = keys[0]
    if _accepted(claim, body, key, folder):
        return Proof(kind="ssh", verified=True, key=fingerprint(key.key))
    return _refused(
        "wrong-context",
        f"it does not verify for this {claim.transition} of this case: it was made for another "
        "case, dataset, repository, digest, role or time",
        key,
    )


def _refused(fault: Fault, problem: str, key: Key | None = None) -> Proof:
    shown = fingerprint(key.key) if key else None
    return Proof(kind="ssh", verified=False, problem=problem, fault=fault, key=shown)


def _unfit(key: Key, at: str) -> str:
    """Return why a key does not count for a signature of this time, "" when it does.

    The time is the signer's own word, so a stolen key could give any: a compromised key counts
    for nothing at all.
    """
    day = at[:10]
    if key.compromised_since is not None:
        return f"its key is compromised since {key.compromised_since}"
    if key.revoked_at is not None and at >= key.revoked_at:
        return f"its key is revoked since {key.revoked_at}"
    if key.valid_from is not None and day < key.valid_from:
        return f"its key is good from {key.valid_from} on, not on {day}"
    if key.valid_to is not None and day > key.valid_to:
        return f"its key was good until {key.valid_to}, not on {day}"
    return ""


def _foreign(blob: bytes, claim: Claim, policy: Policy) -> str:
    for name, person in policy.roster.items():
        if any(_blob(key.key) == blob for key in person.keys):
            return f"its key belongs to {name}, not to {claim.person}"
    return f"its key is not among the keys of {claim.person} in the roster"


def _accepted(claim: Claim, body: str, key: Key, folder: Path) -> bool:
    """Ask ssh-keygen whether `key`, and no other, signed this claim."""
    folder.mkdir()
    allowed, signature = folder / "allowed_signers", folder / "signature"
    # One line, of a name that the schema limits to `[a-z0-9-]`: no wildcard, no authority.
    allowed.write_text(f'{claim.person} namespaces="{NAMESPACE}" {key.key}\n', "ascii")
    signature.write_text(_armoured(body), "ascii")
    words = ["-Y", "verify", "-q", "-n", NAMESPACE, "-I", claim.person]
    words += ["-f", str(allowed), "-s", str(signature)]
    run = _ssh_keygen(words, timeout=_TIMEOUT, content=payload(claim))
    return run.returncode == 0


def _ssh_keygen(
    words: list[str], *, timeout: int, content: bytes = b"", interactive: bool = False
) -> subprocess.CompletedProcess[bytes]:
    program = shutil.which("ssh-keygen")
    if program is None:
        raise CannotJudgeError(_MISSING, remedy=_INSTALL)
    try:
        return subprocess.run(
            [program, *words],
            input=None if interactive else content,
            stdout=subprocess.PIPE,
            stderr=None if interactive else subprocess.PIPE,  # a token asks to be touched there
            check=False,
            timeout=timeout,
            env=os.environ | {"LC_ALL": "C"},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        problem = f"ssh-keygen did not answer: {error}."
        raise CannotJudgeError(problem, remedy=_INSTALL) from error


def _public_key_of(body: str) -> bytes | None:
    """Return the public key inside a signature of our namespace, None when it is none."""
    try:
        blob = base64.b64decode(body, validate=True)
        if blob[:6] != _MAGIC or int.from_bytes(blob[6:10], "big") != 1:
            return None
        key, rest = _string(blob[10:])
        namespace, _ = _string(rest)
    except (binascii.Error, ValueError):
        return None
    return key if namespace == NAMESPACE.encode() else None


def _string(data: bytes) -> tuple[bytes, bytes]:
    """Return an SSH string (RFC 4251, section 5) and what follows it."""
    length = int.from_bytes(data[:4], "big")
    if len(data) < 4 + length:
        raise ValueError
    return data[4 : 4 + length], data[4 + length :]


def _blob(public_key: str) -> bytes:
    try:
        return base64.b64decode(public_key.split(" ")[1], validate=True)
    except binascii.Error:
        return b""


def _armoured(body: str) -> str:
    lines = [body[at : at + _ARMOUR_WIDTH] for at in range(0, len(body), _ARMOUR_WIDTH)]
    return _ARMOUR.format(body="\n".join(lines))


def _body(armoured: str) -> str:
    return "".join(line for line in armoured.splitlines() if not line.startswith("-----"))


def _last_line(output: bytes | None) -> str:
    lines = (output or b"").decode(errors="replace").strip().splitlines()
    return lines[-1].strip().rstrip(".") if lines else "the reason stands above"
