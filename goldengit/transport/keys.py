"""Key pairs for the guided tour: made by `ssh-keygen`, thrown away with the tour's folder."""

import subprocess
from pathlib import Path

from goldengit.errors import CannotJudgeError

_TIMEOUT = 30  # seconds


def make_key(path: Path, comment: str) -> None:
    """Make an Ed25519 key pair without a passphrase: `path`, and `path.pub` beside it.

    Raises CannotJudgeError when `ssh-keygen` is missing or fails.
    """
    words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", str(path)]
    try:
        subprocess.run(words, check=True, capture_output=True, timeout=_TIMEOUT)
    except (OSError, subprocess.SubprocessError) as error:
        raise CannotJudgeError(
            "No SSH key could be made.", remedy="Install OpenSSH 8.2 or newer."
        ) from error
