"""The pages of the ladder that no desk can show."""
