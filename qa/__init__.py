"""qa: every night it listens to every recorded call, scores it against a rubric, and shows the evidence."""

__version__ = "0.1.0"
