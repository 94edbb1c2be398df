"""Names by which clients of other systems know people, faces and pictures."""
