"""What the detectors find, what they leave alone, and what a scan may say."""

import json
import re
import string
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goldengit.detectors import all_detectors, hits, scan, secrets
from goldengit.detectors.card import luhn


def kinds(text: str) -> list[str]:
    return [hit.kind for hit in hits(text)]


def found(text: str) -> list[str]:
    return [text[hit.start : hit.end] for hit in hits(text)]


GITHUB = "ghp_" + "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5"
JWT_HEADER = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"

FOUND = [
    (
        "email",
        "Write to <jo.bloggs+shop@mail-provider.co.uk>, please.",
        "jo.bloggs+shop@mail-provider.co.uk",
    ),
    ("email", "see jo_b@xn--bcher-kva.de.", "jo_b@xn--bcher-kva.de"),
    ("card", "paid with 4111 1111 1111 1111 today", "4111 1111 1111 1111"),
    ("card", "Amex 3782-822463-10005", "3782-822463-10005"),
    ("card", "5555555555554444", "5555555555554444"),
    ("iban", "to GB82 WEST 1234 5698 7654 32 USD", "GB82 WEST 1234 5698 7654 32"),
    ("iban", "DE89370400440532013000", "DE89370400440532013000"),
    ("ssn", "SSN 219-09-9999.", "219-09-9999"),
    ("phone", "Call +44 (0)20 7946 0958 now", "+44 (0)20 7946 0958"),
    ("phone", "or (415) 867-5309", "(415) 867-5309"),
    ("phone", "or 415-867-5309", "415-867-5309"),
    ("ip", "from 81.2.69.160:443", "81.2.69.160"),
    ("ip", "from 2a02:8108:8640:1c2::1 today", "2a02:8108:8640:1c2::1"),
    ("url-password", "postgres://app:hunter22@db/main", "hunter22"),
    ("github-token", f"Authorization: Bearer {GITHUB}", GITHUB),
    ("github-token", f"{GITHUB}andMore", f"{GITHUB}andMore"),
    ("aws", "key AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"),
    ("jwt", f"t={JWT_HEADER}.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", None),
    (
        "private-key",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIB\nAAAA\n-----END RSA PRIVATE KEY-----\nafter",
        "BEGIN RSA PRIVATE KEY-----\nMIIB\nAAAA\n-----END RSA PRIVATE KEY-----",
    ),
    ("private-key", "BEGIN OPENSSH PRIVATE KEY-----\nb3Bl", "BEGIN OPENSSH PRIVATE KEY-----\nb3Bl"),
    ("stripe", "sk_live_" + "a1" * 12, "sk_live_" + "a1" * 12),
    ("slack", "xoxb-1234-5678-abcdef", "xoxb-1234-5678-abcdef"),
]

LEFT_ALONE = [
    "Order 4111 1111 1111 1112 was shipped.",  # wrong check digit
    "At 1767225600000 and 1767225600123456 something happened.",
    "Trace 4bf92f3577b34da6a3ce929d0e0e4736, span 00f067aa0ba902b7.",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "Version 1.2.3, or 10.0.0.1, 192.168.0.7, 127.0.0.1, 192.0.2.44 and 203.0.113.9.",
    "Between 12:30:45 and 2026-03-02T06:30:00Z, 2026-03-02.",
    "jo@example.com, jo@mail.example.org, jo@shop.test, root@localhost, @handle, a@b",
    "postgres://app:${PASSWORD}@db, https://u:<PASSWORD:9f86d081>@host, http://host:80/a@b",
    "Redacted: <EMAIL:9f86d081> and <PHONE:00112233>.",
    "GB00 WEST 1234 5698 7654 32 and FLIGHT LH12 3456 7890 1234",
    "000-12-3456, 666-12-3456, 912-34-5678, 123-00-4567, 123-45-0000, 1234-56-7890",
    "+1 415 555 0134, (212) 555-0199, 123-456-7890, 1+415867, 2026-03-0210",
    "uuid 123e4567-e89b-12d3-a456-426614174000, isbn 978-3-16-148410-0",
    "std::vector<int>, fe80::1, ::1, a::b",
    "Asia, laws, tasks; APACHEKAFKA and AKCESSORIES; the key = the answer",
    "HAT007, HAT136, reservation 4WQ150, user mia_li_3668, $1,234.56",
]


@pytest.mark.parametrize(("kind", "text", "what"), FOUND)
def test_a_detector_finds_the_whole_of_it(kind: str, text: str, what: str | None) -> None:
    """Kind and extent: what is redacted later is what was found."""
    assert kinds(text) == [kind]
    assert what is None or found(text) == [what]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_ordinary_text_is_left_alone(text: str) -> None:
    """Numbers, hashes, times and what is reserved for examples are nobody's."""
    assert found(text) == []


def test_a_token_cut_by_a_window_is_found_whole() -> None:
    """Long texts are searched a piece at a time."""
    for start in range(4000, 4200, 7):
        text = "x " * (start // 2) + GITHUB + " y" * 3000
        assert found(text) == [GITHUB]


def test_the_longest_of_overlapping_hits_stands_alone() -> None:
    """A password in a URL may hold an address."""
    assert kinds("https://app:x@81.2.69.160/") == ["url-password", "ip"]
    assert kinds(f"https://app:{GITHUB}@host/") == ["github-token"]


def _value(text: Any) -> dict[str, Any]:
    return {"input": text, "labels": [], "signoffs": [{"digest": "jo@mail-provider.net"}]}


def _line(*way: str | int) -> int:
    return 7 if way[:1] == ("input",) else 99


@pytest.mark.parametrize(
    "value",
    [
        "jo@mail-provider.net",
        ["x", {"deep": "jo@mail-provider.net"}],
        {"jo@mail-provider.net": 1},
        '{"a": ["jo\\u0040mail-provider.net"]}',
        json.dumps({"a": json.dumps({"b": json.dumps(["jo@mail-provider.net"])})}),
    ],
)
def test_a_scan_looks_into_every_leaf(value: Any) -> None:
    """Keys, lists, and JSON inside JSON; digests of signoffs are left alone."""
    ((kind, line, shown),) = [(s.kind, s.line, s.shown) for s in scan(_value(value), _line)]
    assert (kind, line, shown) == ("email", 7, "***@***")


def test_a_number_is_a_leaf() -> None:
    """A card number may stand as an integer."""
    assert [each.kind for each in scan(_value(4111111111111111), _line)] == ["card"]


def test_a_private_key_in_one_leaf_hides_nothing_in_another() -> None:
    """Each text is searched by itself once anything is found."""
    texts = ["BEGIN RSA PRIVATE KEY-----\nMIIB", "jo@mail-provider.net"]
    assert [each.kind for each in scan(_value(texts), _line)] == ["email", "private-key"]


def test_what_a_dataset_allows_is_left_alone() -> None:
    """Compared without case, and only as a whole."""
    value = _value("Help@Shop.net or xhelp@shop.net")
    shown = [each.shown for each in scan(value, _line, ["help@shop.net"])]
    assert shown == ["xh***@***"]


@pytest.mark.parametrize(("kind", "text", "what"), [each for each in FOUND if each[2]])
def test_what_is_shown_never_holds_the_secret(kind: str, text: str, what: str) -> None:
    """At most its first two characters."""
    for each in scan(_value(text), _line):
        assert each.kind == kind
        assert len(each.shown.split("***")[0]) <= 2
        assert what[:3] not in each.shown


def test_ordinary_text_does_not_load_the_library() -> None:
    """Its import would cost more than everything else of a check."""
    program = (
        "import sys; from goldengit.detectors import hits;"
        f"hits({' '.join(LEFT_ALONE)!r}); sys.exit('detect_secrets' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def _patterns() -> list[Any]:
    return [
        pytest.param(name, pattern, id=f"{name}-{place}")
        for name in secrets._HINTS
        for place, pattern in enumerate(secrets._plugin(name)[1])
    ]


@pytest.mark.parametrize(("name", "pattern"), _patterns())
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_match_of_the_library_has_its_hint(
    name: str, pattern: re.Pattern[str], data: st.DataObject
) -> None:
    """Otherwise the hint would keep a secret from being found."""
    alphabet = st.sampled_from(string.printable)
    text = data.draw(st.from_regex(pattern, alphabet=alphabet))
    assert name in set(secrets._hinted(text))


def test_every_structured_detector_of_the_library_is_used_or_left_out_by_name() -> None:
    """A new release with a new detector fails here, and somebody decides."""
    import pkgutil

    import detect_secrets.plugins as library

    left_out = {"artifactory", "basic_auth", "ip_public"} | {
        "base",
        "high_entropy_strings",
        "keyword",
    }
    assert {each.name for each in pkgutil.iter_modules(library.__path__)} == left_out | set(
        secrets._HINTS
    )


@given(text=st.text(max_size=300))
def test_any_text_is_searched_without_an_exception(text: str) -> None:
    """And each hit lies inside the text."""
    assert all(0 <= hit.start < hit.end <= len(text) for hit in hits(text))


@given(digits=st.text(alphabet="0123456789", min_size=1, max_size=18))
def test_exactly_one_check_digit_is_right(digits: str) -> None:
    """As the standard says."""
    assert sum(luhn(digits + check) for check in "0123456789") == 1


@pytest.mark.parametrize(
    "hostile",
    ["eyJ" * 60_000, "a@" * 60_000, "a." * 60_000, "1 " * 60_000, "+1" * 60_000, "://a:" * 40_000],
)
def test_a_hostile_text_does_not_stop_the_clock(hostile: str) -> None:
    """Patterns see bounded pieces; the worst text of 180 kB takes seconds, not hours."""
    hits(hostile)


def test_detectors_have_kinds_of_their_own() -> None:
    """A kind tells a person what was found."""
    names = [detector.kind for detector in all_detectors()]
    assert names == sorted(set(names))
