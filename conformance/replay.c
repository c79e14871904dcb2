#include "conformance/replay.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/wall.h"
#include "conformance/live.h"

struct ledger {
	struct tap tap; /* first */
	struct loop *loop;
	struct digest *digest;
	FILE *file;
	uint64_t lines;
};

static void write_down(struct tap *tap, const char *kind, json_t *fields)
{
	struct ledger *ledger = (struct ledger *)tap;
	char now[WALL_TEXT_MAX];
	AUTO_JSON json_t *line =
		json_pack("{s:s}", "time", wall_format(loop_wall(ledger->loop), now));

	(void)kind;
	json_object_update(line, fields);
	json_decref(fields);
	AUTO_FREE char *text = json_text(line);
	size_t size = strlen(text);
	text[size] = '\n'; /* the place of the NUL */
	digest_add(ledger->digest, text, size + 1);
	if (ledger->file)
		(void)fwrite(text, 1, size + 1, ledger->file); /* ferror is asked at the end */
	ledger->lines++;
}

static bool never(void *arg)
{
	(void)arg;
	return false;
}

/* The world lives in a scope of its own: all its timers end before the loop does. */
static int live_through(const struct replay_options *options, struct ledger *ledger,
			struct replay_result *result, struct error *err)
{
	struct live *live = live_new(&(struct live_options){ .loop = ledger->loop,
							     .file = options->file,
							     .truth = &ledger->tap },
				     err);
	if (!live)
		return -EINVAL;
	loop_run_until(ledger->loop, never, NULL, (uint64_t)options->hours * 3600000);
	result->printers = live_count(live);
	live_free(live);
	if (ledger->file && (fflush(ledger->file) || ferror(ledger->file)))
		return error_set(err, errno, "cannot write the ledger: %s", strerror(errno));
	return 0;
}

int replay_run(const struct replay_options *options, struct replay_result *result,
	       struct error *err)
{
	struct ledger ledger = { .tap.seen = write_down,
				 .loop = loop_new_virtual(options->start),
				 .digest = digest_new(),
				 .file = options->ledger };
	int status = live_through(options, &ledger, result, err);

	result->lines = ledger.lines;
	digest_text(ledger.digest, result->sha256);
	digest_free(ledger.digest);
	loop_free(ledger.loop);
	return status;
}
