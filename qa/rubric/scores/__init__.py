"""From a conversation to findings, a scorecard and flags; and what of it still holds."""
