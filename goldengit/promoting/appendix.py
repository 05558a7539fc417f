"""Appendices: how a golden case is closed without a byte of it changing."""

from collections.abc import Sequence

from goldengit.errors import RefusedEditError
from goldengit.models.case import Case
from goldengit.models.change import File
from goldengit.models.digest import appendix_digest
from goldengit.promoting.desk import Desk
from goldengit.promoting.signers import Signer, Value, claims, confirming
from goldengit.repository.yaml_writer import append


def open_case(file: File) -> Case:
    """Return the case of a golden file that nothing has closed; else raise RefusedEditError."""
    case = file.case
    if not isinstance(case, Case):
        raise _closed(file, "erased")
    if case.superseded_by is not None:
        raise _closed(file, f"superseded by {case.superseded_by.case}")
    if case.withdrawn is not None:
        raise _closed(file, "withdrawn")
    return case


def closed(desk: Desk, file: File, key: str, block: Value, pair: Sequence[Signer]) -> bytes:
    """Return the bytes of a golden file with a signed appendix at their end."""
    digest = appendix_digest(file.digest, block)
    return append(file.data, key, {**block, "signoffs": claims(pair, desk.now, digest)})


def advice(cases: Sequence[str], pair: Sequence[Signer]) -> tuple[str, ...]:
    """Return what to do after these cases were signed by claim."""
    return "Commit the files: `git add --all datasets && git commit`.", confirming(cases, pair)


def _closed(file: File, how: str) -> RefusedEditError:
    return RefusedEditError(
        f"The case is {how} already; a case ends once.",
        remedy=f"Run `goldengit audit {file.spot.case}` to see its life.",
        place=file.path,
    )
