"""Folders of pictures as people have them: what is a picture there, and what is none and why."""
