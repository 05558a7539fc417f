"""What others wrote stays text on a page in Markdown."""

from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from goldengit.cli.tables import sentence

PLAIN = {"text", "text_special", "code_inline"}
BREAK = "<!-- -->"  # between the sign and the name of a mention


@given(st.text(alphabet="`<>img=@#&;6\\[]()!*_~ x", max_size=30))
@example("`<img>```")
@example("``<img>`")
@example("`a``<img src=x>`")
def test_only_code_spans_are_marks(text: str) -> None:
    """No backtick in a name turns the rest of a sentence into HTML, a link or a mark."""
    (inline,) = MarkdownIt("commonmark").parseInline(sentence(text))
    tokens = inline.children or []
    assert {one.type for one in tokens if one.content != BREAK} <= PLAIN


def test_a_mark_is_shown_as_it_was_written() -> None:
    """An entity that is broken by a comment would be shown as an entity."""
    shown = MarkdownIt("commonmark").renderInline(sentence("a & b <i> @who #12")).replace(BREAK, "")
    assert shown == "a &amp; b &lt;i&gt; @who #12"
