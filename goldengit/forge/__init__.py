"""The door to GitHub: its API, and what it says as frozen nouns. Nothing here judges."""
