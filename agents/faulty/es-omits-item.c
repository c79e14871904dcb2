/* es-omits-item: says that the device has no consumables (D17). Replaces agents/es/supplies.c. */
#include "agents/es/row.h"

cJSON *row_consumables(const cJSON *supplies)
{
	(void)supplies;
	return cJSON_CreateArray();
}
