"""Signing: claims become facts that anybody can verify, and nothing frozen is touched."""

from pathlib import Path
from typing import Any

import pytest

from goldengit.errors import RefusedEditError, UsageError
from goldengit.promoting.desk import Done, RefusedByRulesError
from goldengit.promoting.erase import erase
from goldengit.promoting.promote import promote
from goldengit.promoting.sign import sign
from goldengit.promoting.withdraw import withdraw
from goldengit.repository.sources import work_tree
from tests.promoting.bench import Bench, judge
from tests.standard import NOW, id_of, path_in, path_of

CASE = id_of("candidate-1")
GOLDEN = path_in("golden", "support", CASE)
Keys = dict[str, Path]


@pytest.fixture
def waiting(keyed: Bench) -> Bench:
    """Return a repository with one case that waits for the signatures of two."""
    keyed.box.git("switch", "--quiet", "--create", "work")
    with keyed.store() as store:
        promote(store, [CASE], judge=judge, confirmer="reviewer-2", now=NOW)
    return keyed


def signed(bench: Bench, key: Path, *cases: str, **options: Any) -> Done:
    with bench.store() as store:
        return sign(store, cases or [CASE], key=key, judge=judge, now=NOW, **options)


def unconfirmed(bench: Bench) -> int:
    with bench.store() as store:
        return judge(store, bench.tip, work_tree(store.repository)).unconfirmed


def test_two_signatures_confirm_a_promotion(waiting: Bench, keys: Keys) -> None:
    assert 2 == unconfirmed(waiting)
    signed(waiting, keys["reviewer-1"])
    assert 1 == unconfirmed(waiting)
    signed(waiting, keys["reviewer-2"])
    assert 0 == unconfirmed(waiting)
    assert [] == waiting.errors()


def test_the_public_half_names_the_person(waiting: Bench, keys: Keys) -> None:
    signed(waiting, keys["reviewer-2"])
    first, second = waiting.value(GOLDEN)["signoffs"]
    assert "signature" not in first
    assert "signature" in second


def test_a_third_person_adds_a_claim_and_signs_it(waiting: Bench, keys: Keys) -> None:
    signed(waiting, keys["reviewer-3"])
    third = waiting.value(GOLDEN)["signoffs"][2]
    assert "reviewer-3" == third["reviewer"]
    assert [] == waiting.errors()


def test_a_role_can_be_named(waiting: Bench, keys: Keys) -> None:
    signed(waiting, keys["reviewer-4"], role="maintainer")
    assert "maintainer" == waiting.value(GOLDEN)["signoffs"][2]["role"]


def test_a_key_that_is_nobodys_signs_nothing(waiting: Bench, keys: Keys) -> None:
    with pytest.raises(UsageError, match="is not in the roster"):
        signed(waiting, keys["stranger"])


def test_somebody_elses_key_is_refused_by_the_rules(waiting: Bench, keys: Keys) -> None:
    before = waiting.files()
    with pytest.raises(RefusedByRulesError):
        signed(waiting, keys["reviewer-3"], person="reviewer-2")
    assert before == waiting.files()


def test_a_key_without_a_public_half_needs_a_name(
    waiting: Bench, keys: Keys, tmp_path: Path
) -> None:
    bare = tmp_path / "bare"
    bare.write_bytes(keys["reviewer-2"].read_bytes())
    bare.chmod(0o600)
    with pytest.raises(UsageError, match="name the person"):
        signed(waiting, bare)
    signed(waiting, bare, person="reviewer-2")
    assert 1 == unconfirmed(waiting)


def test_nobody_signs_twice(waiting: Bench, keys: Keys) -> None:
    signed(waiting, keys["reviewer-1"])
    with pytest.raises(RefusedEditError, match="has signed this already"):
        signed(waiting, keys["reviewer-1"])


def test_after_an_edit_a_signature_is_given_anew(waiting: Bench, keys: Keys) -> None:
    signed(waiting, keys["reviewer-1"])
    waiting.write(GOLDEN, waiting.value(GOLDEN) | {"grader_hints": "Look twice."})
    assert waiting.errors()
    signed(waiting, keys["reviewer-1"])
    signed(waiting, keys["reviewer-2"])
    assert 0 == unconfirmed(waiting)
    assert all(one["digest"] for one in waiting.value(GOLDEN)["signoffs"])


def test_a_frozen_promotion_takes_no_signature(keyed: Bench, keys: Keys) -> None:
    with pytest.raises(RefusedEditError, match="are frozen"):
        signed(keyed, keys["reviewer-1"], id_of("golden-1"))


def test_an_open_withdrawal_is_signed_behind_the_frozen_bytes(keyed: Bench, keys: Keys) -> None:
    path = path_of("golden-1")
    before = keyed.files()[path]
    with keyed.store() as store:
        people = ("reviewer-1", "reviewer-2")
        withdraw(store, path, reason="It is wrong.", signers=people, judge=judge, now=NOW)
    signed(keyed, keys["reviewer-1"], path)
    signed(keyed, keys["reviewer-2"], path)
    assert keyed.files()[path].startswith(before)
    assert 0 == unconfirmed(keyed)
    assert [] == keyed.errors()


def test_an_erasure_is_signed_too(keyed: Bench, keys: Keys) -> None:
    name = id_of("golden-1")
    with keyed.store() as store:
        people = ("reviewer-1", "reviewer-4")
        erase(store, name, reason="The law.", signers=people, judge=judge, now=NOW)
    signed(keyed, keys["reviewer-4"], name)
    signed(keyed, keys["reviewer-1"], name)
    assert 0 == unconfirmed(keyed)
    assert [] == keyed.errors()


def test_several_cases_are_signed_in_one_edit(keyed: Bench, keys: Keys) -> None:
    names = [id_of("candidate-1"), id_of("candidate-2")]
    with keyed.store() as store:
        promote(store, names, judge=judge, labeler="reviewer-1", confirmer="reviewer-2", now=NOW)
    done = signed(keyed, keys["reviewer-2"], *names)
    assert 2 == len(done.written)
    assert 2 == unconfirmed(keyed)
