/* stale: keeps sending the values of the first record. Stands before queue_add. */
#include "agents/common/queue.h"

#include "base/cleanup.h"

/* The linker (--wrap) puts the second in the place of the first. */
int __real_queue_add(struct queue *queue, const char *collection, const cJSON *record, uint64_t *id,
		     struct error *err);
int __wrap_queue_add(struct queue *queue, const char *collection, const cJSON *record, uint64_t *id,
		     struct error *err);

int __wrap_queue_add(struct queue *queue, const char *collection, const cJSON *record, uint64_t *id,
		     struct error *err)
{
	static const char *const fresh[] = { "record", "acquired", "time" };
	static cJSON *first;

	if (!first)
		first = cJSON_Duplicate(record, true);
	for (size_t i = 0; i < COUNT_OF(fresh); i++)
		cJSON_ReplaceItemInObjectCaseSensitive(
			first, fresh[i],
			cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(record, fresh[i]), true));
	return __real_queue_add(queue, collection, first, id, err);
}
