-- What a statement shows beside a movement: the balance after it. None where it shows none.

alter table bank_transactions add column balance numeric;
