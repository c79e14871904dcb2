#include "conformance/asker.h"

#include <errno.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "conformance/control.h"

static int check_count(const struct asker *asker, char **words, int count, struct error *err)
{
	const char *expected = asker->command->arguments;

	if (count < asker->words_min)
		return error_set(err, EINVAL, "expected %s", expected);
	if (asker->words_max && count > asker->words_max)
		return error_set(err, EINVAL, "found '%s' too many, expected %s",
				 words[asker->words_max], expected);
	return 0;
}

int asker_run(const struct asker *asker, int argc, char **argv)
{
	AUTO_FREE char *path = control_default_path();
	const char *control = path;
	const struct option_row rows[] = {
		{ "control", OPTION_TEXT, &control, "PATH", "socket that ecsp up has named" },
		asker->option,
		{ NULL },
	};
	char **words = argv + 1;
	struct error err = { 0 };
	int rest;
	bool help;

	if (options_parse(rows, argc, argv, &rest, &help, &err) < 0)
		return command_usage(asker->command, &err);
	if (help)
		return command_help(asker->command, rows);
	words[rest] = NULL;
	if (check_count(asker, words, rest, &err) < 0)
		return command_usage(asker->command, &err);
	AUTO_JSON json_t *request = asker->request(words, rest, &err);
	AUTO_JSON json_t *answer = request ? control_ask(control, request, &err) : NULL;
	if (!answer)
		return command_usage(asker->command, &err);
	int status = asker->answered ? asker->answered(words, answer, &err) : EXIT_GOOD;
	return status < 0 ? command_usage(asker->command, &err) : status;
}
