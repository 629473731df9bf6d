"""会议评审: calling the meeting, who comes and chairs, sheets on paper, the panel's common opinion, the minutes."""
