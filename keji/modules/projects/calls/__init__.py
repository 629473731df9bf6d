"""What may be applied for: programmes, review schemes, guidelines; and earlier projects, to compare with."""
