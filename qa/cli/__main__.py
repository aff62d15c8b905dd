"""`python -m qa.cli` is `qa`."""

from qa.cli.main import main

main()
