"""Measurements that need no audio."""
