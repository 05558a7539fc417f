"""What goes wrong on demand, and what comes between two requests."""

import httpx
import pytest

from tests.fakehub import FakeGitHub
from tests.fakehub.conftest import Asker, Story
from tests.fakehub.people import User


def test_a_refusal_befalls_as_many_requests_as_were_asked_for(
    hub: FakeGitHub, ask: Asker, story: Story
) -> None:
    hub.trouble("GET */pulls/1", 503, times=2, skip=1)
    assert [ask("pulls/1").status_code for _ in range(4)] == [200, 503, 503, 200]
    assert ask("pulls").status_code == 200


@pytest.mark.parametrize("status", [403, 404, 429, 500])
def test_any_status_can_be_had(hub: FakeGitHub, ask: Asker, story: Story, status: int) -> None:
    hub.trouble("*", status)
    answer = ask("pulls/1")
    assert answer.status_code == status
    assert answer.json()["message"]


def test_limits_say_when_to_come_back(hub: FakeGitHub, ask: Asker, story: Story) -> None:
    hub.trouble("*", 429, retry_after=7)
    hub.trouble("*", 403, limit_reset_in=60)
    first, second = ask("pulls/1"), ask("pulls/1")
    assert first.headers["retry-after"] == "7"
    assert second.headers["x-ratelimit-remaining"] == "0"
    assert second.headers["x-ratelimit-reset"].isdecimal()


def test_json_can_be_truncated(hub: FakeGitHub, ask: Asker, story: Story) -> None:
    hub.trouble("*", truncated=True)
    answer = ask("pulls/1")
    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r"."):
        answer.json()


def test_a_connection_can_be_cut(hub: FakeGitHub, ask: Asker, story: Story) -> None:
    hub.trouble("*", cut=True)
    with pytest.raises(httpx.RemoteProtocolError):
        ask("pulls/1")
    assert ask("pulls/1").status_code == 200


def test_an_answer_can_be_slow(hub: FakeGitHub, ask: Asker, story: Story) -> None:
    hub.trouble("*", delay=0.3)
    with pytest.raises(httpx.ReadTimeout):
        ask.client.get(f"{hub.api}/rate_limit", timeout=0.05)


def test_something_can_happen_between_two_requests(
    hub: FakeGitHub, ask: Asker, story: Story, opener: User
) -> None:
    hub.before("GET */pulls/1", lambda: hub.close(hub.pulls[1], by=opener), skip=1)
    assert [ask("pulls/1").json()["state"] for _ in range(3)] == ["open", "closed", "closed"]


def test_requests_are_kept_without_the_token(hub: FakeGitHub, ask: Asker, story: Story) -> None:
    ask("pulls?state=all")
    ask("pulls/1", anonymous=True)
    first, second = hub.requests
    assert (first.method, first.path) == ("GET", "/repos/org/evals/pulls")
    assert first.query == {"state": "all"}
    assert (first.authorised, second.authorised) == (True, False)
    assert hub.token() not in repr(hub.requests)


def test_what_a_callback_raises_fails_the_test(hub: FakeGitHub, ask: Asker) -> None:
    hub.before("*", lambda: 1 // 0)
    assert ask("").status_code == 500
    assert "ZeroDivisionError" in hub.violations.pop()


def test_a_body_that_is_no_json_fails_the_test(hub: FakeGitHub, ask: Asker) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        ask.client.post(f"{hub.api}/graphql", content=b"{")
    assert "JSONDecodeError" in hub.violations.pop()


def test_a_path_that_the_fake_lacks_fails_the_test(hub: FakeGitHub, ask: Asker) -> None:
    assert ask("gists").status_code == 500
    assert "the fake has no GET" in hub.violations.pop()
