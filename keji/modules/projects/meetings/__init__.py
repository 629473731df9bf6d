"""会议评审: the meeting of a batch's panel, from calling it to its minutes."""
