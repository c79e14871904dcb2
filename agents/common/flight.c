#include "agents/common/flight.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdlib.h>

#include "agents/common/text.h"
#include "base/buf.h"

void flight_done(struct flight *flight)
{
	free(flight->key);
	free(flight->body);
	free(flight->ids);
	*flight = (struct flight){ 0 };
}

void flight_add(struct flight *flight, uint64_t id)
{
	flight->ids = alloc_grow(flight->ids, flight->upload.count + 1, sizeof(uint64_t));
	flight->ids[flight->upload.count++] = id;
	flight->upload.ids = flight->ids;
}

bool flight_holds(const struct flight *flight, uint64_t id)
{
	for (size_t i = 0; i < flight->upload.count; i++)
		if (flight->ids[i] == id)
			return true;
	return false;
}

void flight_ready(struct flight *flight, struct upload_body *body)
{
	char key[TEXT_UUID_MAX];

	if (!flight->key)
		flight->key = alloc_text(text_uuid(key));
	flight->body = upload_body_finish(body);
	flight->upload.key = flight->key;
	flight->upload.body = flight->body;
}

char *flight_note(const struct flight *flight, const char *agent)
{
	char number[24];
	cJSON *json = cJSON_CreateObject();
	cJSON *ids = cJSON_AddArrayToObject(json, "ids");

	cJSON_AddStringToObject(json, "key", flight->key);
	cJSON_AddStringToObject(json, "agent", agent);
	for (size_t i = 0; i < flight->upload.count; i++) {
		snprintf(number, sizeof(number), "%" PRIu64, flight->ids[i]);
		cJSON_AddItemToArray(ids, cJSON_CreateString(number));
	}
	char *text = cJSON_PrintUnformatted(json);
	cJSON_Delete(json);
	return text;
}

/* False if it is not what we write. */
static bool parse(struct flight *flight, const cJSON *json, char **agent)
{
	const cJSON *key = cJSON_GetObjectItemCaseSensitive(json, "key");
	const cJSON *said = cJSON_GetObjectItemCaseSensitive(json, "agent");
	const cJSON *ids = cJSON_GetObjectItemCaseSensitive(json, "ids");
	const cJSON *id;

	if (!cJSON_IsString(key) || !cJSON_IsString(said) || !cJSON_IsArray(ids))
		return false;
	cJSON_ArrayForEach(id, ids)
	{
		if (!cJSON_IsString(id) || flight->upload.count == QUEUE_UPLOAD_MAX)
			return false;
		flight_add(flight, strtoull(id->valuestring, NULL, 10));
	}
	if (!flight->upload.count)
		return false;
	flight->key = alloc_text(key->valuestring);
	*agent = alloc_text(said->valuestring);
	return true;
}

char *flight_read(struct flight *flight, const char *note)
{
	char *agent = NULL;
	cJSON *json = cJSON_Parse(note);

	if (!parse(flight, json, &agent))
		flight_done(flight);
	cJSON_Delete(json);
	return agent;
}
