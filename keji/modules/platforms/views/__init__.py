"""The pages of this module that no desk can show."""
