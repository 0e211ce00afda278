"""A learner's own copy of the chapters, and the JupyterLab that opens it."""
