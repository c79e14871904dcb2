/* ecsp import: a walk that somebody made becomes a profile. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "conformance/command.h"
#include "conformance/import.h"
#include "conformance/options.h"
#include "sim/printer/walk.h"

static struct mib *read_walk(const char *path, struct walk_count *count, struct error *err)
{
	size_t size;
	AUTO_FREE char *text = file_read(path, WALK_FILE_MAX, &size, err);
	return text ? walk_parse(text, size, path, count, err) : NULL;
}

static int import(const char *path, const char *out, const char *name, bool keep_identity,
		  struct error *err)
{
	const char *slash = strrchr(path, '/');
	AUTO_FREE char *written = NULL;
	struct walk_count count;
	struct mib *walk = read_walk(path, &count, err);

	if (!walk)
		return -EINVAL;
	if (!keep_identity)
		import_anonymise(&walk, NULL);
	const struct import job = { walk, name, slash ? slash + 1 : path, NULL };
	int status = import_write(&job, out, &written, err);
	mib_free(walk);
	if (status < 0)
		return status;
	printf("%s: %zu rows\n", written, count.rows);
	if (count.left_out)
		printf("left out: %zu rows of a type that SNMPv1 lacks, the first in line %d\n",
		       count.left_out, count.first_left_out);
	return 0;
}

static int run_import(int argc, char **argv)
{
	const char *out = NULL, *name = NULL;
	bool keep_identity = false, help;
	const struct option_row rows[] = {
		{ "out", OPTION_TEXT, &out, "PROFILE.yaml",
		  "where to write; without: NAME.yaml in the current folder" },
		{ "name", OPTION_TEXT, &name, "NAME",
		  "as fleets call the profile; without: from the printer's model" },
		{ "keep-identity", OPTION_FLAG, &keep_identity, NULL,
		  "keep serial numbers, MAC and IP addresses and names as they are" },
		{ NULL },
	};
	struct error err = { 0 };
	int rest;

	if (options_parse(rows, argc, argv, &rest, &help, &err) < 0)
		return command_usage(&cmd_import, &err);
	if (help)
		return command_help(&cmd_import, rows);
	if (rest != 1) {
		error_set(&err, EINVAL, "found %d files, expected one", rest);
		return command_usage(&cmd_import, &err);
	}
	return import(argv[1], out, name, keep_identity, &err) < 0
		       ? command_usage(&cmd_import, &err)
		       : EXIT_GOOD;
}

const struct command_row cmd_import = {
	.name = "import",
	.arguments = "FILE [OPTION ...]",
	.help = "turn a walk, .snmprec or the output of snmpwalk -On, into a printer profile",
	.run = run_import,
};
