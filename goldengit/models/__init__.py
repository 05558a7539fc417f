"""The nouns: frozen data that every room shares. Nothing here touches a file, Git or a network."""
