"""Enrolment of faces from pictures and recordings."""
