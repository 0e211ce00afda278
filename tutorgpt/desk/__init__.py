"""A learner's own copies of the chapters: made, kept, started over, updated.

`tutorgpt lab` is the command for it. A chapter that the learner has changed
is never overwritten.
"""
