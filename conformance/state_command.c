/* ecsp state: what the printers of a living fleet really are, one JSON object a line. */
#include <stdio.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "conformance/asker.h"

static json_t *ask_state(char **words, int count, struct error *err)
{
	(void)err;
	return json_pack("{s:s,s:s}", "ask", "state", "name", count ? words[0] : "*");
}

static int print(char **words, const json_t *answer, struct error *err)
{
	size_t i;
	json_t *row;

	(void)words;
	(void)err;
	json_array_foreach (json_object_get(answer, "printers"), i, row) {
		AUTO_FREE char *text = json_text(row);
		if (puts(text) == EOF)
			return EXIT_HARNESS;
	}
	return fflush(stdout) ? EXIT_HARNESS : EXIT_GOOD;
}

static int run_state(int argc, char **argv)
{
	static const struct asker asker = {
		.command = &cmd_state, .words_max = 1, .request = ask_state, .answered = print
	};
	return asker_run(&asker, argc, argv);
}

const struct command_row cmd_state = {
	.name = "state",
	.arguments = "[PRINTER|cloud]",
	.help = "print what the printers of a living fleet really are, or who reported to its "
		"cloud, as JSON",
	.run = run_state,
};
