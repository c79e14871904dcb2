/* stale: keeps sending the values of the first record. Replaces agents/common/queue.c. */
#include "agents/common/queue.h"

/* The good one under another name. */
int good_queue_add(struct queue *queue, const char *collection, const cJSON *record, uint64_t *id,
		   size_t *dropped, struct error *err);
#define queue_add good_queue_add
#include "agents/common/queue.c"
#undef queue_add

int queue_add(struct queue *queue, const char *collection, const cJSON *record, uint64_t *id,
	      size_t *dropped, struct error *err)
{
	static const char *const fresh[] = { "record", "acquired", "time" };
	static cJSON *first;

	if (!first)
		first = cJSON_Duplicate(record, true);
	for (size_t i = 0; i < COUNT_OF(fresh); i++)
		cJSON_ReplaceItemInObjectCaseSensitive(
			first, fresh[i],
			cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(record, fresh[i]), true));
	return good_queue_add(queue, collection, first, id, dropped, err);
}
