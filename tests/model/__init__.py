"""An order's whole life against a small model of it, step by random step."""
