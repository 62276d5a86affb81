-- Database, roles and extensions, as the embedded stack makes them; run once, when the volume is new.
create role theogen_owner login nosuperuser nobypassrls nocreatedb nocreaterole noinherit password 'theogen';
create role theogen_app login nosuperuser nobypassrls nocreatedb nocreaterole noinherit password 'theogen';
create database theogen owner theogen_owner;
\connect theogen
create extension if not exists vector;
create extension if not exists pg_trgm;
create extension if not exists unaccent;
create extension if not exists btree_gin;
