#include "agents/es/row.h"

#include <string.h>

#include "agents/common/text.h"
#include "base/cleanup.h"

bool row_add(cJSON *row, const cJSON *from, const struct row_member *member)
{
	const cJSON *value =
		cJSON_GetObjectItemCaseSensitive(from, member->from ? member->from : member->name);

	if (member->number && cJSON_IsNumber(value) && value->valuedouble >= 0)
		return cJSON_AddNumberToObject(row, member->name, value->valuedouble) != NULL;
	if (member->number || !cJSON_IsString(value))
		return false;
	AUTO_FREE char *text = text_clean(value->valuestring, strlen(value->valuestring));
	return *text && cJSON_AddStringToObject(row, member->name, text);
}

cJSON *row_list(const cJSON *rows, const struct row_member *members)
{
	const cJSON *from;
	cJSON *list;

	if (!cJSON_IsArray(rows))
		return NULL;
	list = cJSON_CreateArray();
	cJSON_ArrayForEach(from, rows)
	{
		cJSON *row = cJSON_CreateObject();
		bool complete = true;
		for (const struct row_member *member = members; member->name; member++)
			complete = row_add(row, from, member) && complete;
		if (complete)
			cJSON_AddItemToArray(list, row);
		else
			cJSON_Delete(row);
	}
	return list;
}
