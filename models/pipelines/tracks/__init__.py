"""One template of the faces of a track."""
