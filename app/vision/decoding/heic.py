"""HEIC, where the extra `heic` is installed: importing this makes Pillow read it."""

import pillow_heif

pillow_heif.register_heif_opener(thumbnails=False)
pillow_heif.options.DECODE_THREADS = 1
