"""The exercises of chapter 10, one a file."""
