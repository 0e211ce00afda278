"""Judges an answer: tries it, compares it, and finds words for what is wrong.

Nothing here knows any particular exercise.
"""
