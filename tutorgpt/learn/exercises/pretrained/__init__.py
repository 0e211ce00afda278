"""The exercises of chapter 12, one a file."""
