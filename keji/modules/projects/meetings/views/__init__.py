"""The meeting for whoever runs it, and on an expert's phone."""
