"""Accounts, their permissions and their tokens (github.md section 5.1)."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field

ACTIONS_APP = 15368
ROLES = {  # role -> the legacy permission that the API reports for it
    "admin": "admin",
    "maintain": "write",
    "write": "write",
    "triage": "read",
    "read": "read",
    "none": "none",
}
RANK = {"none": 0, "read": 1, "write": 2, "admin": 3}
GATE_PERMISSIONS = {
    "statuses": "write",
    "pull_requests": "read",
    "issues": "read",
    "contents": "read",
}


@dataclass(eq=False)
class User:
    """An account. Its id never changes; a deleted one is `null` wherever GitHub lists it."""

    id: int
    login: str
    type: str = "User"
    emails: set[str] = field(default_factory=set)
    deleted: bool = False

    @property
    def noreply(self) -> str:
        """Return the address that GitHub gives to commits made in its pages."""
        return f"{self.id}+{self.login}@users.noreply.github.com"


@dataclass(eq=False)
class App:
    """A GitHub App: its id stands in rulesets, its bot account creates the statuses."""

    id: int
    slug: str
    bot: User
    permissions: dict[str, str]


@dataclass(frozen=True)
class Caller:
    """Who a request comes from: a person, or an App that acts as its bot."""

    user: User
    app: App | None = None


class People:
    """Everybody the repository knows."""

    def __init__(self) -> None:
        self.private = False
        self.users: list[User] = []
        self.apps: list[App] = []
        self.custom_roles: dict[str, str] = {}
        self.teams: dict[str, set[User]] = {}
        self._roles: dict[User, str] = {}
        self._tokens: dict[str, Caller] = {}
        self._ids = itertools.count(1001)
        self.web_flow = self.user("web-flow", id=19864447, emails=["noreply@github.com"])
        self.ghost = self.user("ghost", id=10137)
        self.actions = self.app("github-actions", id=ACTIONS_APP, bot_id=41898282)
        self.gate = self.app("goldengit-gate", permissions=GATE_PERMISSIONS)

    def next_id(self) -> int:
        """Return a number that nothing has yet; later ones are greater."""
        return next(self._ids)

    def user(
        self,
        login: str,
        role: str | None = None,
        *,
        id: int | None = None,  # noqa: A002 GitHub's name for it
        type: str = "User",  # noqa: A002 GitHub's name for it
        emails: Iterable[str] | None = None,
    ) -> User:
        """Make an account; commits by LOGIN@example.org are its own unless addresses are given."""
        known = {f"{login}@example.org"} if emails is None else set(emails)
        user = User(id or self.next_id(), login, type, known)
        self.users.append(user)
        if role:
            self.grant(user, role)
        return user

    def app(
        self,
        slug: str,
        *,
        id: int | None = None,  # noqa: A002 GitHub's name for it
        bot_id: int | None = None,
        permissions: dict[str, str] | None = None,
    ) -> App:
        """Install an App; its bot is called SLUG[bot]."""
        bot = self.user(f"{slug}[bot]", id=bot_id, type="Bot", emails=())
        self.apps.append(App(id or self.next_id(), slug, bot, dict(permissions or {})))
        return self.apps[-1]

    def grant(self, user: User, role: str) -> None:
        """Give a role: one of GitHub's, or one of `custom_roles`."""
        assert role in ROLES or role in self.custom_roles, f"no role {role}"
        self._roles[user] = role

    def rename(self, user: User, login: str) -> None:
        """Change the login; the numeric id stays, which is why the roster holds ids."""
        user.login = login

    def delete(self, user: User) -> None:
        """Delete the account."""
        user.deleted = True

    def team(self, slug: str, *members: User) -> None:
        """Make a team of the organisation."""
        self.teams[slug] = set(members)

    @property
    def collaborators(self) -> set[User]:
        """Return who was given a role: who can be asked for a review or assigned."""
        return {user for user, role in self._roles.items() if role != "none"}

    def role(self, user: User) -> str:
        """Return the role of an account; whoever has none may read a public repository."""
        return self._roles.get(user, "none" if self.private else "read")

    def permission(self, user: User) -> str:
        """Return admin, write, read or none: maintain counts as write and triage as read."""
        role = self.role(user)
        return ROLES[self.custom_roles.get(role, role)]

    def token(self, holder: User | App | None = None) -> str:
        """Return a token of a person or an App (the gate's own without a word)."""
        holder = holder or self.gate
        caller = Caller(holder) if isinstance(holder, User) else Caller(holder.bot, holder)
        for text, known in self._tokens.items():
            if known == caller:
                return text
        text = f"fake-token-{len(self._tokens) + 1}"
        self._tokens[text] = caller
        return text

    def caller(self, token: str) -> Caller | None:
        """Return whose token it is."""
        return self._tokens.get(token)

    def by_login(self, login: str) -> User | None:
        """Return the living account of that name; GitHub ignores the case."""
        return next(
            (u for u in self.users if u.login.lower() == login.lower() and not u.deleted), None
        )

    def by_email(self, email: str) -> User | None:
        """Return the account a commit's address belongs to, if any (addresses can be forged)."""
        return next(
            (u for u in self.users if email in {*u.emails, u.noreply} and not u.deleted), None
        )

    def allowed(self, caller: Caller | None, area: str, level: str) -> bool:
        """Tell whether a caller may use an area (`a|b`: either of them)."""
        if caller is None:
            return not self.private and level == "read" and area != "administration"
        if caller.app:
            granted = {"metadata": "read", **caller.app.permissions}
            return any(RANK[granted.get(one, "none")] >= RANK[level] for one in area.split("|"))
        needed = "admin" if area == "administration" else level
        return RANK[self.permission(caller.user)] >= RANK[needed]
