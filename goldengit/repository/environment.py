"""The environment in which Git runs: nothing inherited may change what Git reads."""

import os
from collections.abc import Mapping, MutableMapping

# What a Git command may inherit because it does not change what is read: how Git was installed, how
# it reaches a server, who commits; and the index of a running commit, which `sources` checks before
# anybody reads it.
KEPT = frozenset({"GIT_EXEC_PATH", "GIT_INDEX_FILE", "GIT_ASKPASS", "GIT_EDITOR", "GIT_PAGER"})
KEPT_FAMILIES = ("GIT_SSL_", "GIT_SSH", "GIT_HTTP_", "GIT_AUTHOR_", "GIT_COMMITTER_", "GIT_PYTHON_")

SCRUBBED = {
    "LC_ALL": "C",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_LITERAL_PATHSPECS": "1",
}


def purge(environ: MutableMapping[str, str]) -> None:
    """Remove every `GIT_*` variable that is not kept.

    GitPython's runner can set variables but not unset them, so the program does this once, at its
    very start (DECISIONS 28).
    """
    for name in intruders(environ):
        del environ[name]


def intruders(environ: Mapping[str, str]) -> list[str]:
    """Return the `GIT_*` variables that would steer Git and are still there."""
    return sorted(
        name
        for name in environ
        if name.startswith("GIT_") and name not in KEPT and not name.startswith(KEPT_FAMILIES)
    )
