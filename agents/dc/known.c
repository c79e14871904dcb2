#include "agents/dc/known.h"

#include <cjson/cJSON.h>
#include <string.h>

#include "agents/common/spool.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/ipv4.h"
#include "base/log.h"

/* What comes within this time is written at once: at the first round each printer tells its own. */
enum { SAVE_MS = 500 };

static const char name[] = "serials.json";

struct known {
	char *folder;
	cJSON *serials; /* address → serial */
	struct timer *save;
};

static void save(void *arg)
{
	struct known *known = arg;
	struct error err = { 0 };
	AUTO_FREE char *json = cJSON_PrintUnformatted(known->serials);

	if (spool_write(known->folder, name, json, &err) < 0)
		log_line(LOG_LEVEL_WARN, "printers", "%s", error_text(&err));
}

struct known *known_new(struct loop *loop, const char *state)
{
	struct known *known = alloc_zero(1, sizeof(*known));

	known->save = timer_new(loop, save, known);
	known->folder = file_join(state, "printers");
	file_make_folders(known->folder, NULL);
	AUTO_FREE char *text = spool_read(known->folder, name, NULL);
	known->serials = text ? cJSON_Parse(text) : NULL;
	if (!cJSON_IsObject(known->serials)) {
		cJSON_Delete(known->serials);
		known->serials = cJSON_CreateObject();
	}
	return known;
}

void known_free(struct known *known)
{
	if (!known)
		return;
	if (timer_active(known->save))
		save(known);
	timer_free(known->save);
	cJSON_Delete(known->serials);
	free(known->folder);
	free(known);
}

const char *known_serial(const struct known *known, uint32_t address)
{
	char text[IPV4_TEXT_MAX];
	const char *serial = cJSON_GetStringValue(
		cJSON_GetObjectItemCaseSensitive(known->serials, ipv4_format(address, text)));

	return serial ? serial : "";
}

void known_set(struct known *known, uint32_t address, const char *serial)
{
	char text[IPV4_TEXT_MAX];

	if (!*serial || strcmp(known_serial(known, address), serial) == 0)
		return;
	ipv4_format(address, text);
	cJSON_DeleteItemFromObjectCaseSensitive(known->serials, text);
	cJSON_AddStringToObject(known->serials, text, serial);
	if (!timer_active(known->save))
		timer_in(known->save, SAVE_MS);
}
