"""Pages of schemes, of one assessment, of its findings."""
