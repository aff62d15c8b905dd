"""For who writes rubrics: lint, tests, explanations, what two rubrics differ in."""
