#include "agents/es/row.h"

#include <stddef.h>
#include <string.h>

static const struct row_member needed[] = {
	{ "name", false, NULL },
	{ "kind", false, "class" },
	{ "replaced", true, "installed" },
};
static const struct row_member level = { "level", true, "percent" };
static const struct row_member color = { "color", false, NULL };

cJSON *row_consumables(const cJSON *supplies)
{
	const cJSON *from;
	cJSON *list = cJSON_CreateArray();

	cJSON_ArrayForEach(from, supplies)
	{
		cJSON *row = cJSON_CreateObject();
		bool complete = true;
		for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
			complete = row_add(row, from, &needed[i]) && complete;
		row_add(row, from, &level);
		row_add(row, from, &color);
		if (complete)
			cJSON_AddItemToArray(list, row);
		else
			cJSON_Delete(row);
	}
	return list;
}
