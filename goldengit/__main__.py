"""`python -m goldengit` is the same program as `goldengit`."""

from goldengit.cli import main

if __name__ == "__main__":
    main()
