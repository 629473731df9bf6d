"""The pages everybody may read without logging in: notices, results, open catalogues, papers, ways to check."""
