"""An analyst with no language model: it extracts, compares and suggests, and says so."""
