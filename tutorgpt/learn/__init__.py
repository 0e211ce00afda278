"""Exercises that answer: checks, hints, solutions and progress."""
