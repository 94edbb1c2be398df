"""Decoding, from the bytes of pictures and recordings to pixels, believing nothing of them."""
