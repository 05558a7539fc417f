"""The door to disk and Git: the only room that imports Git, and the only one that parses YAML."""
