"""The public half of an SSH key that somebody names, read from its file."""

from pathlib import Path

from goldengit.errors import UsageError

_LONGEST = 16_384  # bytes of a public key file that are read


def public_half(key: Path) -> str:
    """Return `<type> <base64>` of a key: of the `.pub` file itself, or of the one beside it.

    Raises UsageError when there is none that can be read.
    """
    public = key if key.suffix == ".pub" else key.with_name(f"{key.name}.pub")
    try:
        with public.open("rb") as file:
            words = file.read(_LONGEST).decode("ascii").split()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"The public half of {key} cannot be read, so whose key it is is unknown.",
            remedy=f"Put it into {public}, or name the person.",
        ) from error
    return " ".join(words[:2])
