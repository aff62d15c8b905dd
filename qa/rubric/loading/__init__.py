"""From a rubric's folder to a `Rubric`, or to problems with file, line and column."""
