#include "agents/common/upload.h"

#include <string.h>

#include "base/wall.h"

char *upload_agent(const cJSON *identity, const char *collection, uint64_t dropped)
{
	char now[WALL_TEXT_MAX];
	cJSON *agent = cJSON_Duplicate(identity, true);

	cJSON_AddStringToObject(agent, "collection", collection);
	cJSON_AddStringToObject(agent, "sent", wall_format(wall_now(), now));
	if (dropped)
		cJSON_AddNumberToObject(agent, "dropped", (double)dropped);
	char *text = cJSON_PrintUnformatted(agent);
	cJSON_Delete(agent);
	return text;
}

void upload_body_init(struct upload_body *body, const char *agent)
{
	body->json = cJSON_CreateObject();
	cJSON_AddRawToObject(body->json, "agent", agent);
	body->records = cJSON_AddArrayToObject(body->json, "records");
	body->size = strlen(agent) + 64;
}

void upload_body_add(struct upload_body *body, const char *record)
{
	cJSON_AddItemToArray(body->records, cJSON_CreateRaw(record));
	body->size += strlen(record) + 1;
}

char *upload_body_finish(struct upload_body *body)
{
	char *text = cJSON_PrintUnformatted(body->json);

	upload_body_done(body);
	return text;
}

void upload_body_done(struct upload_body *body)
{
	cJSON_Delete(body->json);
	*body = (struct upload_body){ 0 };
}

bool upload_stored(const char *answer, size_t records)
{
	cJSON *json = cJSON_Parse(answer);
	const cJSON *count = cJSON_GetObjectItemCaseSensitive(json, "records");
	bool stored = cJSON_IsString(cJSON_GetObjectItemCaseSensitive(json, "upload")) &&
		      cJSON_IsNumber(count) && count->valuedouble == (double)records;

	cJSON_Delete(json);
	return stored;
}
