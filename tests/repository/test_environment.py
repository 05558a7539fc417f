"""The environment of Git: nothing inherited may steer what it reads."""

from hypothesis import given
from hypothesis import strategies as st

from goldengit.repository.environment import KEPT, KEPT_FAMILIES, SCRUBBED, intruders, purge

STEERING = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_GRAFT_FILE",
    "GIT_REPLACE_REF_BASE",
    "GIT_NAMESPACE",
    "GIT_CEILING_DIRECTORIES",
    "GIT_CONFIG",
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_PARAMETERS",
    "GIT_CONFIG_GLOBAL",
    "GIT_ATTR_SOURCE",
    "GIT_LITERAL_PATHSPECS",
    "GIT_GLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
    "GIT_SHALLOW_FILE",
    "GIT_DEFAULT_HASH",
    "GIT_EXTERNAL_DIFF",
    "GIT_PREFIX",
    "GIT_TRACE",
)


def test_every_variable_that_steers_git_is_an_intruder_and_is_purged() -> None:
    environ = dict.fromkeys((*STEERING, "PATH", "GIT_INDEX_FILE"), "x")
    assert intruders(environ) == sorted(STEERING)
    purge(environ)
    assert set(environ) == {"PATH", "GIT_INDEX_FILE"}


def test_who_commits_and_how_a_server_is_reached_stays() -> None:
    who_and_how = ("GIT_AUTHOR_NAME", "GIT_COMMITTER_EMAIL", "GIT_SSH_COMMAND")
    kept = dict.fromkeys((*KEPT, *who_and_how), "x")
    environ = dict(kept)
    purge(environ)
    assert environ == kept


@given(
    st.dictionaries(
        st.one_of(st.text(max_size=8), st.text(max_size=12).map("GIT_".__add__)), st.text()
    )
)
def test_purging_removes_git_variables_alone_and_once_is_enough(environ: dict[str, str]) -> None:
    before = dict(environ)
    purge(environ)
    assert intruders(environ) == []
    gone = before.keys() - environ.keys()
    assert all(name.startswith("GIT_") for name in gone)
    assert not any(name in KEPT or name.startswith(KEPT_FAMILIES) for name in gone)


def test_nothing_that_is_kept_is_set_by_the_program_as_well() -> None:
    """What the program sets must win over what was inherited."""
    assert not set(SCRUBBED) & (KEPT - {"GIT_INDEX_FILE"})
    assert not any(name.startswith(KEPT_FAMILIES) for name in SCRUBBED)
