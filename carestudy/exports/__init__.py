"""Writes lists of customers to files: text cells only, complete or not at all, and not readable for everybody."""
