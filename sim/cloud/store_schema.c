#include "sim/cloud/store_schema.h"

#include "base/cleanup.h"

const char *const store_migrations[] = {
	"CREATE TABLE agents (id TEXT PRIMARY KEY, salt TEXT NOT NULL, proof TEXT NOT NULL,"
	" type TEXT NOT NULL, registration TEXT CHECK (registration IS NULL OR"
	" json_valid(registration))) STRICT;"
	"CREATE TABLE uploads (id TEXT PRIMARY KEY, agent TEXT NOT NULL REFERENCES agents,"
	" key TEXT NOT NULL, digest TEXT NOT NULL, body TEXT NOT NULL CHECK (json_valid(body)),"
	" UNIQUE (agent, key)) STRICT;"
	"CREATE TABLE records (record TEXT PRIMARY KEY, upload TEXT NOT NULL REFERENCES uploads,"
	" serial TEXT NOT NULL, acquired TEXT NOT NULL) STRICT;"
	"CREATE TABLE users (handle TEXT PRIMARY KEY, sealed TEXT NOT NULL) STRICT;"
	"CREATE TABLE commands (id TEXT PRIMARY KEY, user TEXT NOT NULL, agent TEXT NOT NULL,"
	" serial TEXT NOT NULL, operation TEXT NOT NULL, body TEXT NOT NULL) STRICT;"
	"CREATE TABLE results (command TEXT PRIMARY KEY REFERENCES commands,"
	" body TEXT NOT NULL CHECK (json_valid(body))) STRICT;",
	/* Tenants share nothing: a record's name is unique in its own. The audit log only grows. */
	"ALTER TABLE agents ADD COLUMN tenant TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE agents ADD COLUMN revoked INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE agents ADD COLUMN old_salt TEXT;"
	"ALTER TABLE agents ADD COLUMN old_proof TEXT;"
	"ALTER TABLE agents ADD COLUMN old_until TEXT;"
	"CREATE TABLE records_of_tenants (tenant TEXT NOT NULL, record TEXT NOT NULL,"
	" upload TEXT NOT NULL REFERENCES uploads, serial TEXT NOT NULL, acquired TEXT NOT NULL,"
	" PRIMARY KEY (tenant, record)) STRICT;"
	"INSERT INTO records_of_tenants SELECT '', record, upload, serial, acquired FROM records;"
	"DROP TABLE records;"
	"ALTER TABLE records_of_tenants RENAME TO records;"
	"CREATE TABLE audit (n INTEGER PRIMARY KEY AUTOINCREMENT, time TEXT NOT NULL,"
	" who TEXT NOT NULL, what TEXT NOT NULL, about TEXT NOT NULL, outcome TEXT NOT NULL)"
	" STRICT;"
	"CREATE TRIGGER audit_stays BEFORE UPDATE ON audit"
	" BEGIN SELECT raise(ABORT, 'the audit log only grows'); END;"
	"CREATE TRIGGER audit_lasts BEFORE DELETE ON audit"
	" BEGIN SELECT raise(ABORT, 'the audit log only grows'); END;",
	/* A document need not be sound: what an agent makes of another is a test. */
	"CREATE TABLE configurations (n INTEGER PRIMARY KEY AUTOINCREMENT,"
	" agent TEXT NOT NULL REFERENCES agents, body TEXT NOT NULL,"
	" sound INTEGER NOT NULL CHECK (NOT sound OR json_valid(body))) STRICT;"
	"CREATE INDEX configurations_of ON configurations (agent, n);"
	"CREATE TABLE applied (n INTEGER PRIMARY KEY AUTOINCREMENT,"
	" agent TEXT NOT NULL REFERENCES agents,"
	" body TEXT NOT NULL CHECK (json_valid(body))) STRICT;"
	"CREATE INDEX applied_of ON applied (agent, n);",
};

const size_t store_version = COUNT_OF(store_migrations);
