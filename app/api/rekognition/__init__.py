"""The wire format of Amazon Rekognition: its operations on collections, faces and users."""
