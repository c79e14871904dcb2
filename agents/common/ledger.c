#include "agents/common/ledger.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "agents/common/spool.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "ecsp/ecsp.h"

enum { REMEMBERED = 1024, RESULTS_MAX = 4096 };

static const char seen_name[] = "seen";

struct result {
	uint64_t number; /* its file name */
	char id[COMMAND_ID_MAX];
	char *text;
	bool open; /* not carried out to the end yet */
};

struct ledger {
	char *results_folder, *seen_folder;
	char (*seen)[COMMAND_ID_MAX]; /* oldest first */
	size_t seen_count;
	struct result *results;
	size_t result_count;
	uint64_t next_number;
};

bool ledger_knows(const struct ledger *ledger, const char *id)
{
	for (size_t i = 0; i < ledger->seen_count; i++)
		if (strcmp(ledger->seen[i], id) == 0)
			return true;
	return false;
}

static void remember(struct ledger *ledger, const char *id)
{
	if (ledger->seen_count == REMEMBERED) {
		ledger->seen_count--;
		memmove(ledger->seen, ledger->seen + 1, ledger->seen_count * COMMAND_ID_MAX);
	}
	ledger->seen = alloc_grow(ledger->seen, ledger->seen_count + 1, COMMAND_ID_MAX);
	snprintf(ledger->seen[ledger->seen_count++], COMMAND_ID_MAX, "%s", id);
}

static int write_seen(struct ledger *ledger, struct error *err)
{
	struct buf text;

	buf_init(&text, REMEMBERED * COMMAND_ID_MAX);
	for (size_t i = 0; i < ledger->seen_count; i++)
		buf_printf(&text, "%s\n", ledger->seen[i]);
	int status = spool_write(ledger->seen_folder, seen_name, buf_text(&text), err);
	buf_done(&text);
	return status;
}

static const char *result_name(uint64_t number, char name[32])
{
	snprintf(name, 32, "%020" PRIu64, number);
	return name;
}

static struct result *find_open(struct ledger *ledger, const char *id)
{
	for (size_t i = 0; i < ledger->result_count; i++)
		if (ledger->results[i].open && strcmp(ledger->results[i].id, id) == 0)
			return &ledger->results[i];
	return NULL;
}

static void add_result(struct ledger *ledger, struct result result)
{
	ledger->results = alloc_grow(ledger->results, ledger->result_count + 1, sizeof(result));
	ledger->results[ledger->result_count++] = result;
}

int ledger_open(struct ledger *ledger, const struct command *command, struct error *err)
{
	static const struct outcome interrupted = { ECSP_FAILED, "unreachable", NULL };
	char name[32];
	struct result result = { .number = ledger->next_number, .open = true };

	if (ledger->result_count == RESULTS_MAX)
		return error_set(err, EBUSY, "%d results wait for the cloud", RESULTS_MAX);
	/* The file says "failed" until ledger_close knows better: after a crash it is sent. */
	result.text = command_result(command, &interrupted);
	int status = spool_write(ledger->results_folder, result_name(result.number, name),
				 result.text, err);
	if (status == 0) {
		remember(ledger, command->id);
		status = write_seen(ledger, err);
	}
	if (status < 0) {
		spool_remove(ledger->results_folder, name, NULL);
		free(result.text);
		return status;
	}
	snprintf(result.id, sizeof(result.id), "%s", command->id);
	ledger->next_number++;
	add_result(ledger, result);
	return 0;
}

void ledger_decline(struct ledger *ledger, const struct command *command,
		    const struct outcome *outcome)
{
	if (ledger->result_count == RESULTS_MAX)
		return;
	add_result(ledger, (struct result){ .number = ledger->next_number++,
					    .text = command_result(command, outcome) });
}

int ledger_close(struct ledger *ledger, const struct command *command,
		 const struct outcome *outcome, struct error *err)
{
	char name[32];
	struct result *result = find_open(ledger, command->id);

	if (!result)
		return error_set(err, ENOENT, "command %s is not open", command->id);
	free(result->text);
	result->text = command_result(command, outcome);
	result->open = false;
	return spool_write(ledger->results_folder, result_name(result->number, name), result->text,
			   err);
}

static struct result *first_ready(struct ledger *ledger)
{
	for (size_t i = 0; i < ledger->result_count; i++)
		if (!ledger->results[i].open)
			return &ledger->results[i];
	return NULL;
}

const char *ledger_next(struct ledger *ledger)
{
	struct result *result = first_ready(ledger);

	return result ? result->text : NULL;
}

void ledger_sent(struct ledger *ledger, struct error *err)
{
	char name[32];
	struct result *result = first_ready(ledger);

	if (!result)
		return;
	spool_remove(ledger->results_folder, result_name(result->number, name), err);
	free(result->text);
	size_t index = (size_t)(result - ledger->results);
	ledger->result_count--;
	memmove(result, result + 1, (ledger->result_count - index) * sizeof(*result));
}

static void load_seen(struct ledger *ledger)
{
	AUTO_FREE char *text = spool_read(ledger->seen_folder, seen_name, NULL);
	char *rest = text;

	for (char *line; rest && (line = strsep(&rest, "\n"));)
		if (*line && strlen(line) < COMMAND_ID_MAX)
			remember(ledger, line);
}

/* The power may have gone after the result was written and before the list was. */
static void remember_result(struct ledger *ledger, const char *text)
{
	cJSON *json = cJSON_Parse(text);
	const cJSON *id = cJSON_GetObjectItemCaseSensitive(json, "command");

	if (cJSON_IsString(id) && !ledger_knows(ledger, id->valuestring))
		remember(ledger, id->valuestring);
	cJSON_Delete(json);
}

static int load_results(struct ledger *ledger, struct error *err)
{
	char **names;
	size_t count;
	int status = spool_list(ledger->results_folder, &names, &count, err);

	for (size_t i = 0; i < count; i++) {
		struct result result = { .number = strtoull(names[i], NULL, 10) };
		result.text = spool_read(ledger->results_folder, names[i], NULL);
		if (result.text && ledger->result_count < RESULTS_MAX) {
			remember_result(ledger, result.text);
			add_result(ledger, result);
		} else {
			free(result.text);
		}
		if (result.number >= ledger->next_number)
			ledger->next_number = result.number + 1;
		free(names[i]);
	}
	free(names);
	return status;
}

struct ledger *ledger_new(const char *state, struct error *err)
{
	struct ledger *ledger = alloc_zero(1, sizeof(*ledger));

	ledger->results_folder = file_join(state, "results");
	ledger->seen_folder = file_join(state, "commands");
	ledger->next_number = 1;
	if (file_make_folders(ledger->results_folder, err) < 0 ||
	    file_make_folders(ledger->seen_folder, err) < 0) {
		ledger_free(ledger);
		return NULL;
	}
	load_seen(ledger);
	if (load_results(ledger, err) < 0) {
		ledger_free(ledger);
		return NULL;
	}
	return ledger;
}

void ledger_free(struct ledger *ledger)
{
	if (!ledger)
		return;
	for (size_t i = 0; i < ledger->result_count; i++)
		free(ledger->results[i].text);
	free(ledger->results);
	free(ledger->seen);
	free(ledger->results_folder);
	free(ledger->seen_folder);
	free(ledger);
}
