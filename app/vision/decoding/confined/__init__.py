"""Decoding of files that nobody trusts, each in a process of its own.

A small process that holds nothing of the service (`starter`) is forked for every file; the copy
can open nothing, may use so much memory and processor time, and is thrown away after the file.
"""
