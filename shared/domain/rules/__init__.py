"""The rules of validation by what they look at: each takes a case and gives findings."""
