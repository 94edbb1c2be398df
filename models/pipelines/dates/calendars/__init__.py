"""Dates of other calendars as days of the Gregorian one."""
