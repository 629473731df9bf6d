"""What may be applied for: programmes, review schemes, guidelines."""
