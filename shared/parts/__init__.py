"""The pieces that the composition root puts together, each built from the settings when first asked for."""
