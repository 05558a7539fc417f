"""Small files that keep other readers busy for minutes, and large ones: both end early."""

import time

import pytest

from goldengit.repository.yaml_reader import read

MIB = 1 << 20
SECONDS = 2.0  # a hundred times what each takes on two slow cores

MERGES = "".join(
    f"b{n}: &b{n} {{<<: [{', '.join(f'*b{i}' for i in range(n))}]}}\n" for n in range(26)
)

REFUSED = {
    "26 lines of merge keys": (MERGES, "GG102"),
    "aliases of aliases": ("a: &a [x]\n" + "b: &b [*a, *a, *a, *a]\n" * 9, "GG102"),
    "30,000 levels": ("a: " + "[" * 30_000 + "\n", "GG109"),
    "100,000 levels": ("a: " + "[" * 100_000 + "]" * 100_000 + "\n", "GG109"),
    "200,000 dashes on a line": ("a:\n  " + "- " * 200_000 + "x\n", "GG109"),
    "levels by indentation": ("".join(f"{' ' * n}a:\n" for n in range(1_400)), "GG109"),
    "5,000 digits": (f"a: {'1' * 5_000}\n", "GG109"),
    "500,000 digits": (f"a: {'1' * 500_000}\n", "GG109"),
    "a text of 600 KB": (f"a: {'x' * 600_000}\n", "GG109"),
    "60,000 numbers": (f"a: [{'1,' * 60_000}]\n", "GG109"),
    "two million bytes": ("# x\n" * 500_000, "GG109"),
    "a million tabs": ("a: 1\n" + "\t" * 1_000_000 + "\n", "GG107"),
    "170,000 carriage returns": ("a: 1\r\n" * 170_000, "GG107"),
    "300,000 zero-width spaces": (f"a: 1 #{chr(0x200B) * 300_000}\n", "GG108"),
    "100,000 documents": ("---\na: 1\n" * 100_000, "GG104"),
    "100,000 equal keys": ("a: 1\n" * 100_000, "GG101"),
    "500,000 question marks": ("? " * 500_000 + "\n", "GG113"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_bomb_is_refused_early(name: str) -> None:
    text, code = REFUSED[name]
    begin = time.perf_counter()
    reading = read(text.encode())
    assert time.perf_counter() - begin < SECONDS
    assert code == reading.refusals[0].code


WIDE = {
    "20,000 keys": "".join(f"k{n}: {n}\n" for n in range(20_000)),
    "a line of 295 KB": f"a: {'x' * 295_000}\n",
    "a megabyte of comments": "a: 1\n" + "# x\n" * 260_000,
    "a quoted text of 200,000 lines": 'a: "' + "\n  x" * 200_000 + '"\n',
    "lists over 12,000 lines": "a: " + "[\n " * 60 + "x,\n " * 12_000 + "]" * 60 + "\n",
}


@pytest.mark.parametrize("name", WIDE)
def test_a_wide_file_is_read_in_time(name: str) -> None:
    data = WIDE[name].encode()
    assert len(data) <= MIB
    begin = time.perf_counter()
    assert read(data).sound
    assert time.perf_counter() - begin < SECONDS
