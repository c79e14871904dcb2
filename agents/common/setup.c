#include "agents/common/setup.h"

#include <cjson/cJSON.h>
#include <string.h>

#include "agents/common/spool.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/ipv4.h"
#include "base/log.h"
#include "ecsp/ecsp.h"

static const char file_name[] = "setup.json";

struct setup {
	const struct config *own;
	struct setup_document document; /* version 0: there is none */
	char tag[SETUP_TAG_MAX];
	const char *refused; /* why; NULL: the last one counts */
	int64_t refused_version;
	bool unreported;
	char *report;
};

static bool contains(const uint32_t *list, size_t count, uint32_t address)
{
	for (size_t i = 0; i < count; i++)
		if (list[i] == address)
			return true;
	return false;
}

/* ---- what counts ---- */

static void refuse(struct setup *setup, const char *reason, int64_t version)
{
	setup->refused = reason;
	setup->refused_version = version;
}

/* That it cannot be remembered is no reason to go on asking a printer that was taken out. */
static void remember(const struct setup *setup, const char *text, size_t size)
{
	struct error err = { 0 };
	AUTO_FREE char *document = alloc_bytes(text, size);
	cJSON *json = cJSON_CreateObject();

	cJSON_AddStringToObject(json, "tag", setup->tag);
	cJSON_AddStringToObject(json, "document", document);
	AUTO_FREE char *line = cJSON_PrintUnformatted(json);
	cJSON_Delete(json);
	if (spool_write(setup->own->state, file_name, line, &err) < 0)
		log_line(LOG_LEVEL_WARN, "setup", "not remembered: %s", error_text(&err));
}

static bool accept(struct setup *setup, const char *text, size_t size)
{
	struct setup_document document;
	struct error err = { 0 };
	bool sound = setup_read(&document, text, size, &err) == 0;

	if (!sound)
		refuse(setup, "malformed", 0);
	else if (!setup_is_newer(&document, setup->document.version ? &setup->document : NULL))
		refuse(setup, "older", document.version);
	else
		refuse(setup, NULL, 0);
	if (setup->refused) {
		log_line(LOG_LEVEL_WARN, "setup", "refused, %s%s%s", setup->refused,
			 sound ? "" : ": ", sound ? "" : error_text(&err));
		setup_document_done(&document);
		return false;
	}
	setup_document_done(&setup->document);
	setup->document = document;
	log_line(LOG_LEVEL_INFO, "setup", "version %lld counts", (long long)document.version);
	return true;
}

bool setup_take(struct setup *setup, const char *tag, const char *text, size_t size)
{
	snprintf(setup->tag, sizeof(setup->tag), "%s", tag);
	setup->unreported = true;
	if (!accept(setup, text, size))
		return false;
	remember(setup, text, size);
	return true;
}

static void restore(struct setup *setup)
{
	AUTO_FREE char *line = spool_read(setup->own->state, file_name, NULL);
	cJSON *json = line ? cJSON_Parse(line) : NULL;
	const char *tag = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "tag"));
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "document"));

	if (tag && text && accept(setup, text, strlen(text)))
		snprintf(setup->tag, sizeof(setup->tag), "%s", tag);
	cJSON_Delete(json);
}

struct setup *setup_new(const struct config *own)
{
	struct setup *setup = alloc_zero(1, sizeof(*setup));

	setup->own = own;
	restore(setup);
	return setup;
}

void setup_free(struct setup *setup)
{
	if (!setup)
		return;
	setup_document_done(&setup->document);
	free(setup->report);
	free(setup);
}

const char *setup_tag(const struct setup *setup)
{
	return setup->tag;
}

static bool is_admitted(const struct config *own, uint32_t address)
{
	return contains(own->targets, own->target_count, address) ||
	       contains(own->admitted, own->admitted_count, address);
}

void setup_apply(const struct setup *setup, struct config *effective)
{
	const struct setup_document *document = &setup->document;
	const struct config *own = setup->own;
	bool remote = document->designates;
	const uint32_t *list = remote ? document->designated : own->targets;
	size_t count = remote ? document->count : own->target_count;

	free(effective->targets);
	*effective = *own;
	effective->targets = alloc_zero(count + 1, sizeof(*effective->targets));
	effective->target_count = 0;
	for (size_t i = 0; i < count; i++)
		if (is_admitted(own, list[i]))
			effective->targets[effective->target_count++] = list[i];
	if (document->interval_ms)
		effective->interval_ms = document->interval_ms;
	if (document->poll_ms)
		effective->poll_ms = document->poll_ms;
}

/* ---- what the service is told ---- */

static void add_left_out(const struct setup *setup, cJSON *json)
{
	const struct setup_document *document = &setup->document;
	cJSON *list = cJSON_CreateArray();
	char text[IPV4_TEXT_MAX];

	for (size_t i = 0; i < document->count; i++)
		if (!is_admitted(setup->own, document->designated[i]))
			cJSON_AddItemToArray(list, cJSON_CreateString(ipv4_format(
							   document->designated[i], text)));
	if (cJSON_GetArraySize(list))
		cJSON_AddItemToObject(json, "notAdmitted", list);
	else
		cJSON_Delete(list);
}

const char *setup_report(struct setup *setup)
{
	int64_t version = setup->refused ? setup->refused_version : setup->document.version;

	if (!setup->unreported)
		return NULL;
	cJSON *json = cJSON_CreateObject();
	if (version)
		cJSON_AddNumberToObject(json, "version", (double)version);
	cJSON_AddStringToObject(json, "outcome", setup->refused ? ECSP_REFUSED : ECSP_APPLIED);
	if (setup->refused)
		cJSON_AddStringToObject(json, "reason", setup->refused);
	else
		add_left_out(setup, json);
	free(setup->report);
	setup->report = cJSON_PrintUnformatted(json);
	cJSON_Delete(json);
	return setup->report;
}

void setup_reported(struct setup *setup)
{
	setup->unreported = false;
}
