"""Made-up receipts of many tills: seeded, English and Spanish, with the truth, worn as a reader of pictures does."""
