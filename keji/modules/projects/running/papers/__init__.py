"""What is printed of a project."""
