"""What every test needs before anything is imported."""

import os

# Stored outputs hold no progress bars, so the kernels must draw none.
os.environ["TUTORGPT_PROGRESS"] = "0"
