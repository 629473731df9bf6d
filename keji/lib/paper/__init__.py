"""Official documents (公文) in the layout of GB/T 9704-2012: write .docx and PDF, check any .docx."""
