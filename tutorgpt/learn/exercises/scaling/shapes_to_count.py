"""The shapes for which parameters and operations are counted."""

SHAPES = [(69, 32, 32, 3), (6148, 8, 32, 3), (65, 256, 384, 6), (5, 4, 8, 1)]
"""V, T, C, L: the chapters' shape, SMALL, LARGE and a tiny one."""
