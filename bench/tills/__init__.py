"""Made-up receipts of many tills: seeded, in English and Spanish, with the truth, and worn as a reader of pictures does."""
