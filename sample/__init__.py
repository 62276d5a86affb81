"""The sample study: seven invented interviews and one invented invoice."""
