"""Sketches: equal things have equal keys, tables find what they hold."""

import random
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldengit.models.digest import canonical
from goldengit.models.sketch import BANDS, SIMILAR, KeyTable, bands, key_of, normal_text, similarity

keys = st.integers(0, (1 << 44) - 1)
positions = st.integers(0, (1 << 20) - 1)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)


@given(st.lists(st.tuples(keys, positions), max_size=20), st.lists(keys, max_size=3))
def test_a_table_is_a_dictionary_of_lists(pairs: list[tuple[int, int]], others: list[int]) -> None:
    plain: dict[int, list[int]] = defaultdict(list)
    for key, position in sorted(pairs):
        plain[key].append(position)
    for table in (KeyTable.of(pairs), KeyTable(KeyTable.of(pairs).packed())):
        for key in [*plain, *others]:
            assert list(table.positions(key)) == plain.get(key, [])
        assert list(table.keys()) == sorted(key for key, _ in pairs)


@given(values, values)
def test_equal_values_have_equal_keys_and_others_do_not(one: object, two: object) -> None:
    assert (key_of(one) == key_of(two)) == (canonical(one) == canonical(two))
    assert 0 <= key_of(one) < 1 << 44


@given(values)
def test_any_value_has_its_bands_and_resembles_itself(value: object) -> None:
    assert bands(value) == bands(value)
    assert len(bands(value)) == BANDS
    assert similarity(value, value) == 1.0


@given(texts, texts)
def test_similarity_is_symmetric_and_between_0_and_1(one: str, two: str) -> None:
    assert 0 <= similarity(one, two) == similarity(two, one) <= 1


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Order 4711 is late", "order 9999 is late!"),
        ("Where is it?", "where  is\nit"),
        ({"messages": [{"content": "Hi, 5"}]}, {"messages": [{"content": "hi 7"}]}),
    ],
)
def test_case_digits_and_punctuation_do_not_tell_texts_apart(one: object, two: object) -> None:
    assert normal_text(one) == normal_text(two)
    assert bands(one) == bands(two)


def test_similar_texts_mostly_share_a_band_and_different_ones_hardly_ever() -> None:
    chance = random.Random(7)
    words = [f"word{letter}{other}" for letter in "abcdefghij" for other in "klmnopqrst"]
    found = missed = false = 0
    for _ in range(200):
        text = chance.choices(words, k=40)
        near = list(text)
        near[chance.randrange(40)] = "different"
        far = chance.choices(words, k=40)
        one, two, three = (" ".join(each) for each in (text, near, far))
        if similarity(one, two) >= SIMILAR:
            found += bool(set(bands(one)) & set(bands(two)))
            missed += not set(bands(one)) & set(bands(two))
        false += bool(set(bands(one)) & set(bands(three)))
    assert found > 150
    assert missed <= 6
    assert false < 100  # a shared band costs two reads, no more
