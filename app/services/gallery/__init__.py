"""Collections, subjects and faces: made, listed, changed, erased."""
