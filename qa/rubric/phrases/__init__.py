"""Phrase lists: from a list's forms to what of them a call says, and how sure of it."""
