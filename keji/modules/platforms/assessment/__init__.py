"""Yearly assessment by a scheme: self-report, county's check, experts, grade, findings put right."""
