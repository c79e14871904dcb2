/* ecsp replay: hours of a fleet in virtual time, without a network, as fast as the processor goes.
 */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/wall.h"
#include "conformance/command.h"
#include "conformance/options.h"
#include "conformance/replay.h"

enum { HOURS_MAX = 24 * 366 };

#define MONDAY "2026-01-05T00:00:00Z"

static int read_start(const char *text, int64_t *start, struct error *err)
{
	if (wall_parse(text, start))
		return 0;
	return error_set(err, EINVAL, "found --start %s, expected a moment as %s", text, MONDAY);
}

static int run_and_tell(struct replay_options *options, const char *ledger)
{
	struct replay_result result;
	struct error err = { 0 };

	options->ledger = ledger ? fopen(ledger, "we") : NULL;
	if (ledger && !options->ledger) {
		error_set(&err, errno, "cannot write %s: %s", ledger, strerror(errno));
		return command_usage(&cmd_replay, &err);
	}
	int status = replay_run(options, &result, &err);
	if (options->ledger && fclose(options->ledger) && status == 0)
		status = error_set(&err, errno, "cannot write %s: %s", ledger, strerror(errno));
	if (status < 0)
		return command_usage(&cmd_replay, &err);
	printf("printers  %zu\nhours     %lld\nlines     %llu\nsha256    %s\n", result.printers,
	       (long long)options->hours, (unsigned long long)result.lines, result.sha256);
	return fflush(stdout) ? EXIT_HARNESS : EXIT_GOOD;
}

static int run_replay(int argc, char **argv)
{
	struct replay_options options = { .hours = 24 };
	const char *start = MONDAY, *ledger = NULL;
	int64_t seed = -1;
	const struct option_row rows[] = {
		{ "hours", OPTION_NUMBER, &options.hours, "N", "how long; 24", 1, HOURS_MAX },
		{ "seed", OPTION_NUMBER, &seed, "S", "instead of the file's", 0, INT64_MAX },
		{ "start", OPTION_TEXT, &start, "TIME", "when it begins; " MONDAY ", a Monday" },
		{ "truth", OPTION_TEXT, &ledger, "FILE",
		  "write what each printer was, a JSON object for each change" },
		{ NULL },
	};
	struct error err = { 0 };
	int rest;
	bool help;

	if (options_parse(rows, argc, argv, &rest, &help, &err) < 0)
		return command_usage(&cmd_replay, &err);
	if (help)
		return command_help(&cmd_replay, rows);
	if (rest != 1) {
		error_set(&err, EINVAL, "expected %s", cmd_replay.arguments);
		return command_usage(&cmd_replay, &err);
	}
	if (read_start(start, &options.start, &err) < 0)
		return command_usage(&cmd_replay, &err);
	struct fleetfile *file = fleetfile_load(argv[1], &err);
	if (!file)
		return command_usage(&cmd_replay, &err);
	if (seed >= 0)
		file->seed = seed;
	options.file = file;
	int code = run_and_tell(&options, ledger);
	fleetfile_free(file);
	return code;
}

const struct command_row cmd_replay = {
	.name = "replay",
	.arguments = "FLEET.yaml",
	.help = "days of a fleet in virtual time, without a network: the same from one seed",
	.run = run_replay,
};
