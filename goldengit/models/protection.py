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


def is_protected(path: str, policy: Policy | None) -> bool:
    """Tell whether a path is protected, by this program or by the policy.

    An entry that ends in `/` stands for everything in that folder, any other for one file.
    """
    return any(
        path.startswith(entry) if entry.endswith("/") else path == entry
        for entry in (*BUILT_IN, *(policy.protected_paths if policy else ()))
    )
