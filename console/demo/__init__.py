"""Demo data: invented people and companies whose orders went through the real services."""
