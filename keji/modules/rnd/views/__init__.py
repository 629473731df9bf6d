"""Pages of R&D filing that no desk can show."""
