"""Lets `python -m tutorgpt` do what the command does."""

import sys

from tutorgpt.cli import main

sys.exit(main())
