"""The example documents of GOBL (invoices/gobl of the public data): input, computed result, and our own arithmetic."""
