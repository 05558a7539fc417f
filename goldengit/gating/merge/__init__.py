"""The gate of merges: a pull request, or a group of the merge queue, gets one commit status.

The tool and the policy are the base's; the head is read as Git objects and never runs. Whatever
cannot be read or proved is no success.
"""
