"""Every write from the list of the meeting to the projects."""
