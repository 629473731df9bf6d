"""Recognition in batches: the call, applications, form check, visit, the meeting that decides, notice and list."""
