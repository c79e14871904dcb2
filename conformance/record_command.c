/* ecsp record: a real printer becomes a profile. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "conformance/command.h"
#include "conformance/options.h"
#include "conformance/recorder.h"

enum { PLAIN_STEP = 500 };

static void tell(size_t rows, const struct oid *at)
{
	static size_t told;
	char text[OID_TEXT_MAX];

	if (isatty(STDERR_FILENO)) {
		fprintf(stderr, "\r\033[K%zu rows, at %.60s", rows,
			oid_format(at->id, at->count, text));
	} else if (rows / PLAIN_STEP != told) {
		told = rows / PLAIN_STEP;
		fprintf(stderr, "%zu rows\n", rows);
	}
}

static int record(struct recorder *recorder, struct error *err)
{
	AUTO_FREE char *out =
		recorder->out ? alloc_text(recorder->out) : alloc_printf("%s.yaml", recorder->host);

	recorder->out = out;
	recorder->progress = tell;
	int rows = recorder_run(recorder, err);
	if (isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
	if (rows < 0)
		return rows;
	printf("%s: %d rows\n", out, rows);
	if (!recorder->keep_identity)
		puts("Names that people typed in elsewhere are not known as names: look through "
		     "the file before you give it away.");
	return 0;
}

static int run_record(int argc, char **argv)
{
	struct recorder recorder = { .walker = { .version = "2c",
						 .community = "public",
						 .timeout_ms = 2000,
						 .retries = 3 } };
	int64_t snmp_port = 161, enpc_port = 3289;
	struct walker_options *walker = &recorder.walker;
	bool help;
	const struct option_row rows[] = {
		{ "out", OPTION_TEXT, &recorder.out, "PROFILE.yaml",
		  "where to write; without: ADDRESS.yaml" },
		{ "name", OPTION_TEXT, &recorder.name, "NAME",
		  "as fleets call the profile; without: from the printer's model" },
		{ "resume", OPTION_FLAG, &recorder.resume, NULL,
		  "go on with the recording that was interrupted" },
		{ "keep-identity", OPTION_FLAG, &recorder.keep_identity, NULL,
		  "keep serial numbers, MAC and IP addresses and names as they are" },
		{ "version", OPTION_TEXT, &walker->version, "1|2c|3", "of SNMP; without: 2c" },
		{ "community", OPTION_TEXT, &walker->community, "TEXT",
		  "for reading; without: public" },
		{ "user", OPTION_TEXT, &walker->user, "NAME", "version 3: who asks" },
		{ "auth", OPTION_TEXT, &walker->auth_protocol, "PROTOCOL",
		  "version 3: MD5, SHA, SHA-224, SHA-256, SHA-384 or SHA-512" },
		{ "auth-password", OPTION_TEXT, &walker->auth_password, "TEXT",
		  "at least 8 characters" },
		{ "privacy", OPTION_TEXT, &walker->priv_protocol, "CIPHER",
		  "version 3: DES, AES, AES-192 or AES-256" },
		{ "privacy-password", OPTION_TEXT, &walker->priv_password, "TEXT",
		  "at least 8 characters" },
		{ "timeout", OPTION_NUMBER, &walker->timeout_ms, "MS", "of one try; without: 2000",
		  10, 60000 },
		{ "retries", OPTION_NUMBER, &walker->retries, "N", "without: 3", 0, 20 },
		{ "port", OPTION_NUMBER, &snmp_port, "PORT", "of SNMP; without: 161", 1, 65535 },
		{ "enpc-port", OPTION_NUMBER, &enpc_port, "PORT",
		  "of ENPC; 0: do not ask; without: 3289", 0, 65535 },
		{ NULL },
	};
	struct error err = { 0 };
	int rest;

	if (options_parse(rows, argc, argv, &rest, &help, &err) < 0)
		return command_usage(&cmd_record, &err);
	if (help)
		return command_help(&cmd_record, rows);
	if (rest != 1) {
		error_set(&err, EINVAL, "found %d addresses, expected one", rest);
		return command_usage(&cmd_record, &err);
	}
	recorder.host = argv[1];
	recorder.snmp_port = (uint16_t)snmp_port;
	recorder.enpc_port = (uint16_t)enpc_port;
	return record(&recorder, &err) < 0 ? command_usage(&cmd_record, &err) : EXIT_GOOD;
}

const struct command_row cmd_record = {
	.name = "record",
	.arguments = "ADDRESS [OPTION ...]",
	.help = "read a real printer by SNMP and ENPC into a profile",
	.run = run_record,
};
