"""The files of goldengit/templates with their words put in."""

from importlib.resources import files


def filled(template: str, **words: str) -> bytes:
    """Return a template with each `@WORD@` replaced."""
    text = files("goldengit").joinpath("templates", *template.split("/")).read_text("utf-8")
    for word, value in words.items():
        text = text.replace(f"@{word}@", value)
    return text.encode()
