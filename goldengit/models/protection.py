"""Protected paths: what steers the gate itself, and therefore changes only on its own."""

from goldengit.models.layout import ATTRIBUTES, POLICY, SCHEMAS
from goldengit.models.policy import Policy

# The policy, the platform's own folder, the hooks, what Git does with the data, the schemas.
BUILT_IN = (
    POLICY,
    ".github/",
    ".pre-commit-config.yaml",
    "prek.toml",
    ATTRIBUTES,
    f"{SCHEMAS}/",
)
# Where GitHub looks for owners, in this order; only the first file that is there counts.
OWNERS_PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")


def is_protected(path: str, policy: Policy | None) -> bool:
    """Tell whether a path is protected, by this program or by the policy.

    An entry that ends in `/` stands for everything in that folder, and for a link or file in its
    place; any other for one file.
    """
    return any(
        f"{path}/".startswith(entry) if entry.endswith("/") else path == entry
        for entry in (*BUILT_IN, *OWNERS_PLACES, *(policy.protected_paths if policy else ()))
    )
