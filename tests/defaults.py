"""What tests expect of models: the default, and those that come without weights."""

ENCODER = "facet-encoder@4"
PUBLIC_ENCODERS = {
    "adaface-ir18@1": (512, False),
    "arcface-w600k-r50@1": (512, False),
    "auraface@1": (512, True),
    "facenet-casia-webface@1": (512, False),
    "facenet-vggface2@1": (512, False),
    "sface@1": (128, True),
    "sface-int8@1": (128, True),
    "sface-int8bq@1": (128, True),
}
"""Those that come without weights: dimension, and whether commercial use is allowed."""
