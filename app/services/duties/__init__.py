"""Duties towards people: signed receipts, rights of subjects, retention, exports of one person."""
