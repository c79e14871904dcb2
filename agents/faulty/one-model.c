/* one-model: takes every printer for the model it was written for. Stands before queue_add. */
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
	cJSON *other = cJSON_Duplicate(record, true);

	cJSON_ReplaceItemInObjectCaseSensitive(other, "model", cJSON_CreateString("SC-T24 Series"));
	int status = __real_queue_add(queue, collection, other, id, err);
	cJSON_Delete(other);
	return status;
}
