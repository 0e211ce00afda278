"""How the tests check the types in signatures: a whole number is a float.

Python allows train(..., learning_rate=1); so does this checker.
"""

from beartype import BeartypeConf, beartype

check = beartype(conf=BeartypeConf(is_pep484_tower=True))
