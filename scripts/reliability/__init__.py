"""Tries to break every command, and counts what does not hold.

    python -m scripts.reliability                  # all kinds, and the record
    python -m scripts.reliability kills            # one kind, only printed
    python -m scripts.reliability kills --seed 7 --count 20
    python -m scripts.reliability kills --only 'ladder'

Four kinds: processes killed at random, files damaged, every write failed
once, and command lines drawn at random. Each trial is named by its kind and
its number; the same seed draws the same trials.
"""
