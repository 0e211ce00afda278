"""Imports, in the server of the kills alone, whatever a command imports.

A process that is forked off it starts at once, and is killed in the middle
of its work instead of its imports.
"""

from scripts.reliability import kills
from scripts.reliability.scene import set_scene, workplace

with workplace() as place:
    set_scene(place / "warm")

__all__ = ["kills"]
