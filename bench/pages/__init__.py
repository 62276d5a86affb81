"""Pages made up for measuring: own text in Spanish and English, drawn, rastered and worn."""
