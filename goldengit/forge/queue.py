"""The merge queue, which only GraphQL shows."""

from dataclasses import dataclass

from goldengit.forge.client import GitHub
from goldengit.forge.graph_rows import GraphQueueRow
from goldengit.forge.rows import read

_ENTRIES = """
query MergeQueue($owner: String!, $name: String!, $branch: String!, $after: String) {
  repository(owner: $owner, name: $name) { mergeQueue(branch: $branch) {
    entries(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes {
      position headCommit { oid } pullRequest { number headRefOid }
    } }
  } }
}
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One place in the queue: the group's commit, and the pull request with its own head."""

    position: int
    group_head: str
    pull: int
    pull_head: str


def entries(github: GitHub, branch: str) -> tuple[Entry, ...]:
    """Return the places of a branch's queue, first one first; empty when there is no queue.

    An entry whose group is not yet made is left out.
    """
    owner, _, name = github.place.repository.partition("/")
    found: list[Entry] = []
    after: str | None = None
    while True:
        variables = {"owner": owner, "name": name, "branch": branch, "after": after}
        row = read(GraphQueueRow, github.graphql(_ENTRIES, variables), "the merge queue")
        queue = row.repository.mergeQueue
        if queue is None:
            return ()
        found += [
            Entry(
                node.position,
                node.headCommit.oid,
                node.pullRequest.number,
                node.pullRequest.headRefOid,
            )
            for node in queue.entries.nodes
            if node.headCommit is not None and node.pullRequest is not None
        ]
        if not queue.entries.pageInfo.hasNextPage:
            return tuple(sorted(found, key=lambda entry: entry.position))
        after = queue.entries.pageInfo.endCursor
