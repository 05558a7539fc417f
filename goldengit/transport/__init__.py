"""The door to child processes other than Git."""
