/* duplicates: sends every record twice, the second time as another one. Replaces
 * agents/common/queue.c. */
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
	char other[TEXT_UUID_MAX];
	cJSON *copy = cJSON_Duplicate(record, true);
	int status = good_queue_add(queue, collection, record, id, dropped, err);

	cJSON_ReplaceItemInObjectCaseSensitive(copy, "record",
					       cJSON_CreateString(text_uuid(other)));
	if (status == 0)
		status = good_queue_add(queue, collection, copy, NULL, dropped, err);
	cJSON_Delete(copy);
	return status;
}
