#include "conformance/secret.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "sim/world/world.h"

enum { OTHERS = 077 };

static void add(struct judge *judge, enum verdict verdict, const char *reason, size_t line)
{
	struct finding finding = {
		.requirement = "OWN-5",
		.rule = "secrets-kept",
		.verdict = verdict,
		.reason = reason,
		.standing = true,
	};
	if (line != SIZE_MAX)
		judge_refer(&finding, false, line + 1);
	judge_add(judge, &finding);
}

static bool is_own(const char *path)
{
	size_t size = strlen(WORLD_STATE_FOLDER);

	return !strncmp(path, WORLD_STATE_FOLDER, size) && path[size] == '/';
}

/* Why a place is none for it; NULL: it may be there. Caller frees. */
static char *breach(const json_t *line)
{
	const char *what = json_text_of(line, "what", "?");
	const char *encoding = json_text_of(line, "encoding", "plain");
	const char *path = json_text_of(line, "path", NULL);
	const char *mode = json_text_of(line, "mode", "0777");
	bool password = json_is_true(json_object_get(line, "password"));

	if (!path)
		return alloc_printf("the agent's log holds %s (%s)", what, encoding);
	if (!password)
		return alloc_printf("the agent left %s in the file %s (%s)", what, path, encoding);
	if (!is_own(path))
		return alloc_printf("the agent left %s outside its state folder, in %s (%s)", what,
				    path, encoding);
	if (strtoul(mode, NULL, 8) & OTHERS)
		return alloc_printf("others may read (mode %s) the file %s with %s (%s)", mode,
				    path, what, encoding);
	return NULL;
}

static bool find_breach(struct judge *judge)
{
	static const struct match left = { .kind = "secret.left" };

	for (size_t i = judge_find(judge, &left, NULL, 0); i != SIZE_MAX;
	     i = judge_find(judge, &left, NULL, i + 1)) {
		AUTO_FREE char *reason = breach(judge_line(judge, i));
		if (reason) {
			add(judge, VERDICT_FAIL, reason, i);
			return true;
		}
	}
	return false;
}

void judge_secrets(struct judge *judge)
{
	static const struct match looked = { .kind = "world.left" };

	if (find_breach(judge))
		return;
	size_t at = judge_find(judge, &looked, NULL, 0);
	bool whole =
		at != SIZE_MAX && json_is_true(json_object_get(judge_line(judge, at), "whole"));
	if (!whole || !judge->activity.connections) {
		add(judge, VERDICT_INCONCLUSIVE,
		    whole ? "the agent was not seen at work"
			  : "the agent's log and files were not looked through wholly",
		    at);
		return;
	}
	AUTO_FREE char *reason = alloc_printf(
		"no password and no print data in the agent's log and %" PRId64 " files it left",
		json_int_of(judge_line(judge, at), "files", 0));
	add(judge, VERDICT_PASS, reason, at);
}
