"""The scripted corpus that `make eval` measures on: calls drawn from content, with exact references."""
