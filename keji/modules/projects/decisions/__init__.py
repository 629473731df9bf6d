"""What becomes of what was reviewed: the meeting that decides, the notice, the paper that establishes projects."""
