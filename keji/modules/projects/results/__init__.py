"""What came of projects after acceptance; and projects of higher levels won in this city."""
