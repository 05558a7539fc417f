"""How GitHub says no."""

from typing import Any


class Refusal(Exception):  # noqa: N818 it is an answer, not a fault of the fake
    """An answer other than the one asked for: its status and its message."""

    def __init__(self, status: int, message: str, *errors: str, plain: bool = False) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = errors
        self.plain = plain  # some operations list sentences, most list objects

    @property
    def body(self) -> dict[str, Any]:
        """Return the JSON that GitHub sends."""
        row: dict[str, Any] = {
            "message": self.message,
            "documentation_url": "https://docs.github.com/rest",
            "status": str(self.status),
        }
        if self.errors:
            rows = [{"code": "custom", "message": said} for said in self.errors]
            row["errors"] = list(self.errors) if self.plain else rows
        return row


def not_found() -> Refusal:
    """Return the answer for what is not there, or not to be seen."""
    return Refusal(404, "Not Found")


def unauthorised() -> Refusal:
    """Return the answer for nobody who asks for what needs somebody."""
    return Refusal(401, "Requires authentication")
