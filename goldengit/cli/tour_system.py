"""The bundled system of the tour: an assistant of a bicycle shop, in several releases.

It is a toy, and it fails as grown-up ones do. It looks up the pages of a handbook that a question
touches, as many as its release reads, and says what they say. Where it read no page it answers from
memory: with the rule, and the page number, of an older edition. So it cites what its own trace does
not hold. Nothing in it knows which question goes wrong.

It runs as a program of its own, `tour_system.py --release 1.0`, and speaks the exchange of a
`command` target: a request a line, an answer a line. It imports nothing of this project, so that it
starts at once.
"""

import json
import re
import sys
from typing import Any, NamedTuple

# How many pages each release reads for a question.
READS = {"0.9": 1, "1.0": 3, "1.1": 2, "1.2": 3}

_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")


class Page(NamedTuple):
    """A page of the handbook: what it is about, its edition, and the words that lead to it.

    `says` is its rule, `said` that of the edition before.
    """

    about: str
    edition: int
    words: str
    says: str
    said: str

    @property
    def id(self) -> str:
        """Return what the page is cited by."""
        return f"{self.about}-{self.edition}"

    @property
    def remembered(self) -> str:
        """Return the rule of the edition before, with its citation."""
        return f"{self.said} [{self.about}-{self.edition - 1}]."

    @property
    def read(self) -> str:
        """Return the rule with its citation."""
        return f"{self.says} [{self.id}]."


# fmt: off
HANDBOOK = (
    Page("returns-window", 3, "days weeks deadline",
         "Unused goods come back within 30 days", "Unused goods come back within 14 days"),
    Page("returns-worn", 4, "worn wore used ridden",
         "What was worn once comes back if it is clean", "What was worn stays with the customer"),
    Page("returns-receipt", 2, "receipt invoice",
         "Without a receipt we look for your name", "Nothing comes back without a receipt"),
    Page("returns-sale", 5, "sale outlet discounted",
         "Reduced goods are exchanged, not refunded", "Reduced goods are treated like all others"),
    Page("returns-online", 3, "online website",
         "Orders may be handed in at any shop", "Orders come back by post only"),
    Page("returns-postage", 2, "postage parcel",
         "We pay for the parcel if the mistake was ours", "Every parcel to us is free"),
    Page("returns-gift", 2, "gift present birthday",
         "Gifts are paid back as a voucher", "Gifts are paid back to whoever bought them"),
    Page("returns-battery", 2, "battery e-bike",
         "Batteries are taken back at the counter only", "Batteries travel in their own carton"),
    Page("returns-opened", 3, "opened packaging unpacked",
         "A torn or missing box does not matter", "Goods come back in a sealed box"),
    Page("returns-damage", 4, "cracked scratched damaged",
         "The workshop looks at damage within two days", "Damage is a matter for the carrier"),
    Page("returns-size", 2, "size exchange swap smaller",
         "Another size or colour is free for 60 days", "A swap costs 5 euros"),
    Page("returns-refund", 3, "refund refunded money",
         "Money is back on the card after five days", "Money is paid out in cash"),
    Page("returns-custom", 2, "custom engraved",
         "What was made for you stays yours", "Custom goods come back at half the price"),
    Page("parts-chains", 11, "chain",
         "Match the chain to the number of gears", "A chain for fewer gears fits as well"),
    Page("parts-cassettes", 6, "cassette",
         "Change the cassette with every third chain", "A cassette lasts as long as the wheel"),
    Page("parts-tyres", 7, "tyre tyres",
         "Leave 4 mm between tyre and frame", "Leave 2 mm between tyre and frame"),
    Page("parts-tubes", 3, "tube tubes valve",
         "The valve is 20 mm longer than the rim is deep", "One valve fits every rim"),
    Page("parts-brakes", 9, "brake pads rotor",
         "Pads and rotor come from one maker", "Any rotor runs with any pads"),
    Page("parts-pedals", 2, "pedals cleats",
         "Threads are 9/16 inch, cleats have two bolts or three", "Threads are half an inch"),
    Page("parts-bearings", 4, "bracket headset",
         "Measure the shell before you order", "The frame's year tells the bearing"),
    Page("parts-seatposts", 3, "seatpost",
         "The seatpost must match to a tenth of a millimetre", "A shim makes any seatpost fit"),
    Page("parts-bars", 4, "stem handlebar",
         "Stem and handlebar share one clamp size", "A stem fits after some filing"),
    Page("parts-racks", 5, "rack panniers mudguards",
         "It needs eyelets on frame and fork", "It needs no more than two straps"),
    Page("hours", 2, "open sunday",
         "We are closed; the race desk opens at 7:00", "We are open on Sundays from 8:00"),
)
# fmt: on


def pages_for(question: str) -> list[Page]:
    """Return every page that a question touches, in the order in which it does."""
    words = _WORD.findall(question.lower())
    found = [
        (min(words.index(word) for word in hits), page)
        for page in HANDBOOK
        if (hits := set(page.words.split()).intersection(words))
    ]
    return [page for _, page in sorted(found)]


def right_answer(question: str) -> str:
    """Return what somebody with the whole handbook at hand would say."""
    return " ".join(page.read for page in pages_for(question))


def answer(question: str, release: str) -> tuple[str, list[dict[str, Any]]]:
    """Return what a release says, and the spans of its trace."""
    pages = pages_for(question)
    found = pages[: READS[release]]
    said = [page.read if page in found else page.remembered for page in pages]
    documents = [{"id": page.id, "content": page.says} for page in found]
    return " ".join(said) or "I do not know.", spans(documents)


def spans(documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the one step of an answer that looked these documents up."""
    return [{"span_id": "1", "kind": "retriever", "name": "handbook", "documents": documents}]


def respond(request: dict[str, Any], release: str) -> dict[str, Any]:
    """Return the answer to a request of the exchange."""
    output, steps = answer(request["input"]["messages"][-1]["content"], release)
    trace = {"trace_id": request["case"], "spans": steps}
    return {"case": request["case"], "output": output, "trace": trace}


def _serve(release: str) -> None:
    """Answer each line of the input until it ends."""
    for line in sys.stdin:
        sys.stdout.write(f"{json.dumps(respond(json.loads(line), release))}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve(sys.argv[sys.argv.index("--release") + 1])
