"""Manifests: a base that all share, and one class per task with what that task needs."""
