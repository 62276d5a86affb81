-- The code of `problem`, by which it is told in the reader's language. Warnings of documents (`documents.warnings`) are objects
-- with code, values and English text from now on; those of earlier versions are sentences, and stay readable as they are.

alter table pages add column error_code text;
