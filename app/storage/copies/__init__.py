"""Copies of the whole database: taken, brought up to date, put into an empty one."""
