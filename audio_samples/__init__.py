"""Scripted telephone calls with exact references, and the parts that build them."""
