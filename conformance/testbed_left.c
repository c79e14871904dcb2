/* testbed_left.c: looks for what the agent was trusted with in what it leaves behind: its log and
 * the files in the folders that it may write to. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/json.h"
#include "conformance/canary.h"
#include "conformance/evidence.h"
#include "conformance/testbed_parts.h"

enum { LOG_MAX = 64 << 20 };

struct search {
	struct testbed *testbed;
	struct canary_mark *marks;
	size_t count, passwords; /* passwords stand first */
	struct canary *canary;
	const struct world_left_file *file; /* NULL: the log */
	size_t files;
	bool whole;
};

static void add_mark(struct search *search, const char *text, const char *what)
{
	size_t size = strlen(text);

	for (size_t i = 0; i < search->count; i++)
		if (!strcmp(search->marks[i].text, text))
			return;
	/* Too short to tell from chance; the harness's own are not. */
	if (size < CANARY_MARK_MIN || size > CANARY_MARK_MAX)
		return;
	search->marks = alloc_grow(search->marks, search->count + 1, sizeof(*search->marks));
	search->marks[search->count++] = (struct canary_mark){ text, what };
}

static void add_each(struct search *search, const char *kind, const char *field, const char *what)
{
	const struct journal *journal = search->testbed->journal;

	for (size_t i = 0; i < journal_count(journal); i++) {
		const json_t *line = journal_at(journal, i);
		if (!strcmp(json_text_of(line, "kind", ""), kind))
			add_mark(search, json_text_of(line, field, ""),
				 what ? what : json_text_of(line, "what", "a mark"));
	}
}

static void add_logins(struct search *search)
{
	static const struct {
		const char *key, *what;
	} secrets[] = {
		{ "authPassphrase", "an SNMPv3 passphrase" },
		{ "privPassphrase", "an SNMPv3 passphrase" },
		{ "community", "an SNMP community" },
	};
	const struct yaml *config = search->testbed->scenario->config;
	const struct yaml *logins = config ? yaml_get(config, "snmp") : NULL;

	for (size_t i = 0; logins && i < logins->count; i++) {
		for (size_t k = 0; k < COUNT_OF(secrets); k++) {
			const struct yaml *text = yaml_get(logins->items[i], secrets[k].key);
			if (text && text->text)
				add_mark(search, text->text, secrets[k].what);
		}
	}
}

static void tell(void *arg, const struct canary_hit *hit)
{
	struct search *search = arg;
	size_t mark = (size_t)(hit->mark - search->marks);
	char mode[8];
	json_t *found = json_pack("{s:s, s:b, s:s}", "what", hit->mark->what, "password",
				  mark < search->passwords, "encoding", hit->encoding);

	if (search->file) {
		snprintf(mode, sizeof(mode), "%04o", search->file->mode);
		json_object_set_new(
			found, "path",
			json_lossy_text(search->file->path, strlen(search->file->path)));
		json_object_set_new(found, "mode", json_string(mode));
	}
	journal_add(search->testbed->journal, "secret.left", found);
}

static void look_at_file(void *arg, const struct world_left_file *file)
{
	struct search *search = arg;

	search->file = file;
	search->files++;
	search->whole &= canary_search(search->canary, file->data, file->size, tell, search);
	search->file = NULL;
}

static bool look_at_log(struct search *search, struct error *err)
{
	size_t size = 0;
	AUTO_FREE char *text = file_read(EVIDENCE_LOG, LOG_MAX, &size, err);

	return text && canary_search(search->canary, text, size, tell, search);
}

void testbed_left(struct testbed *testbed)
{
	struct search search = { .testbed = testbed, .whole = true };
	struct error err = { 0 };

	add_each(&search, "start", "agentSecret", "its password");
	add_each(&search, "secret.given", "secret", "its password");
	add_logins(&search);
	search.passwords = search.count;
	add_each(&search, "mark", "text", NULL);
	search.canary = canary_new(search.marks, search.count, &err);
	bool log = search.canary && look_at_log(&search, &err);
	bool files = search.canary && world_left(testbed->world, look_at_file, &search);
	journal_add(testbed->journal, "world.left",
		    json_pack("{s:I, s:b}", "files", (json_int_t)search.files, "whole",
			      log && files && search.whole));
	canary_free(search.canary);
	free(search.marks);
}
