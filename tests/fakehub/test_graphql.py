"""The two GraphQL operations."""

from collections.abc import Callable
from typing import Any

from tests.fakehub import FakeGitHub
from tests.fakehub.conftest import Asker, Story
from tests.fakehub.people import User
from tests.gitbox import Blob

AUTHORS = """
query CommitAuthors($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      commits(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { commit { oid authors(first: 100) {
          totalCount nodes { email user { databaseId login } }
        } } }
      }
    }
  }
}
"""
QUEUE = """
query MergeQueue($owner: String!, $name: String!, $branch: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    mergeQueue(branch: $branch) {
      entries(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes {
          position headCommit { oid } baseCommit { oid } pullRequest { number headRefOid }
        }
      }
    }
  }
}
"""


def asked(ask: Asker, query: str, **variables: Any) -> Any:
    named = {"owner": "org", "name": "evals", "after": None, **variables}
    body = {"query": query, "variables": named}
    return ask("/graphql", method="POST", json=body).json()


def test_the_authors_of_a_commit_are_its_author_and_its_co_authors(
    hub: FakeGitHub, ask: Asker, story: Story, opener: User, reviewer: User
) -> None:
    names = ["reviewer-1@example.org", "stranger@example.net"]
    new = hub.box.commit({"case": Blob(b"x")}, [story.head], co_authors=names)
    hub.push("topic", new, by=opener)
    commits = asked(ask, AUTHORS, number=1)["data"]["repository"]["pullRequest"]["commits"]
    assert commits["pageInfo"] == {"hasNextPage": False, "endCursor": "2"}
    assert commits["nodes"][1]["commit"] == {
        "oid": new,
        "authors": {
            "totalCount": 3,
            "nodes": [
                {
                    "email": "opener@example.org",
                    "user": {"databaseId": opener.id, "login": "opener"},
                },
                {
                    "email": "reviewer-1@example.org",
                    "user": {"databaseId": reviewer.id, "login": "reviewer-1"},
                },
                {"email": "stranger@example.net", "user": None},
            ],
        },
    }


def test_commits_come_in_pages(
    hub: FakeGitHub, ask: Asker, story: Story, opener: User, commit: Callable[..., str]
) -> None:
    second = commit(story.head, case="second\n")
    third = commit(second, case="third\n")
    hub.push("topic", third, by=opener)
    seen, after, more = [], None, True
    while more:
        found = asked(ask, AUTHORS, number=1, after=after)["data"]
        page = found["repository"]["pullRequest"]["commits"]
        seen += [node["commit"]["oid"] for node in page["nodes"]]
        more, after = page["pageInfo"]["hasNextPage"], page["pageInfo"]["endCursor"]
    assert seen == [story.head, second, third]


def test_there_is_no_queue_until_somebody_is_in_it(
    hub: FakeGitHub, ask: Asker, story: Story, reviewer: User
) -> None:
    assert asked(ask, QUEUE, branch="main")["data"]["repository"]["mergeQueue"] is None
    entry = hub.enqueue(hub.pulls[1], by=reviewer)
    queue = asked(ask, QUEUE, branch="main")["data"]["repository"]["mergeQueue"]
    assert queue["entries"]["nodes"] == [
        {
            "position": 1,
            "headCommit": {"oid": entry.head_sha},
            "baseCommit": {"oid": story.base},
            "pullRequest": {"number": 1, "headRefOid": story.head},
        }
    ]


def test_an_error_comes_with_status_200(ask: Asker, story: Story) -> None:
    assert "Could not resolve" in asked(ask, AUTHORS, number=9)["errors"][0]["message"]
    wrong = AUTHORS.replace("totalCount", "total")
    assert "doesn't exist" in asked(ask, wrong, number=1)["errors"][0]["message"]
    assert asked(ask, "query Other { viewer { login } }")["data"] is None
    assert asked(ask, AUTHORS.replace("first: 100, ", ""), number=1)["data"] is None
