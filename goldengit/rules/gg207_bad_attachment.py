"""GG207: an attachment that is not the blob its name promises."""

import hashlib
import re
from collections.abc import Iterator

from goldengit.models.case import Attachment, Case
from goldengit.models.change import Change, File
from goldengit.models.finding import Finding
from goldengit.models.layout import Kind, attachment_path, golden_path
from goldengit.models.lifecycle import restore_command
from goldengit.rules.base import Rule

_PLAIN_NAME = re.compile(r"[^/\\:\x00-\x1f\x7f]{1,255}")
_LINKS = frozenset({"120000", "160000", "040000"})


class BadAttachment(Rule):
    """An attachment is missing, is not named by its SHA-256, or goes while a case needs it.

    ## What it does
    Every attachment that an added or changed case names must stand in
    `datasets/<dataset>/attachments/<sha256>` with the stated size; its bytes must have that
    SHA-256; its `name` is a plain file name, never a path or an address. An attachment stays as
    long as a golden case refers to it.

    ## Why it matters
    The digest of a case covers the hash of its attachments, so a signoff covers their bytes. That
    holds only while the bytes are in the tree under that hash.

    ## Example
    An image behind a golden case is replaced; the case itself did not change a byte.

    ## How to fix
    Name the file by its own hash, which `sha256sum PATH` prints:
    `git mv PATH datasets/DATASET/attachments/SHA256`.
    """

    code = "GG207"
    name = "bad-attachment"
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each bad attachment and each bad reference."""
        for file in change.of_kind(Kind.ATTACHMENT):
            if file.after is not None:
                yield from self._content(file.after)
            elif file.before is not None:
                yield from self._removal(change, file.before)
        for row in change.readable(Kind.QUEUE, Kind.CANDIDATE, Kind.GOLDEN):
            if isinstance(row.case, Case):
                for number, attachment in enumerate(row.case.attachments):
                    yield from self._reference(change, row, number, attachment)

    def _content(self, file: File) -> Iterator[Finding]:
        if file.entry.mode in _LINKS:  # GG203 says so
            return
        if len(file.data) != file.size or hashlib.sha256(file.data).hexdigest() != file.entry.name:
            message = "The bytes of this attachment do not have the SHA-256 that is its name."
            remedy = (
                f"Name it by its hash: `git mv {file.path} $(sha256sum < {file.path} | cut -c-64)`."
            )
            yield self.finding(file.path, message, remedy)

    def _removal(self, change: Change, file: File) -> Iterator[Finding]:
        for case in _golden_users(change, file):
            message = f"The golden case {case} refers to this attachment, so it has to stay."
            yield self.finding(file.path, message, f"Run `{restore_command(change, file.path)}`.")

    def _reference(
        self, change: Change, row: File, number: int, attachment: Attachment
    ) -> Iterator[Finding]:
        line = row.line("attachments", number)
        path = attachment_path(row.spot.dataset, attachment.sha256)
        stored = change.head.file(path)
        if not _PLAIN_NAME.fullmatch(attachment.name) or attachment.name in {".", ".."}:
            message = f"`{attachment.name}` is a path or an address, not the name of a file."
            remedy = "Write the bare file name; the content is found by its SHA-256."
            yield self.finding(row.path, message, remedy, line=line)
        if stored is None:
            message = f"The attachment {attachment.sha256} is not in the tree."
            yield self.finding(row.path, message, f"Add it: `git add {path}`.", line=line)
        elif stored.size != attachment.size:
            message = f"The attachment has {stored.size:,} bytes, not {attachment.size:,}."
            remedy = f"Write `size: {stored.size}`."
            yield self.finding(row.path, message, remedy, line=line)


def _golden_users(change: Change, attachment: File) -> Iterator[str]:
    """Yield the golden cases that refer to an attachment.

    A case with attachments is never ordinary, so the odd ones of each month are all there is to
    read, and only when an attachment goes.
    """
    dataset = attachment.spot.dataset
    for facts in change.head.index(dataset).months.values():
        for name in facts.odd:
            file = change.head.file(golden_path(dataset, name.removesuffix(".yaml")))
            case = file.case if file else None
            if isinstance(case, Case) and any(
                used.sha256 == attachment.entry.name for used in case.attachments
            ):
                yield case.id
