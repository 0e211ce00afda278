"""What every test needs before anything is imported."""

import os

# Stored outputs hold no progress bars, so the kernels must draw none.
os.environ["TUTORGPT_PROGRESS"] = "0"

# Tiny matrices: a second thread costs more than it gives, ten times over
# when the machine is busy.
os.environ["OMP_NUM_THREADS"] = "1"

# Python 3.14 colours the help, and FORCE_COLOR asks for it without a terminal.
os.environ["PYTHON_COLORS"] = "0"
