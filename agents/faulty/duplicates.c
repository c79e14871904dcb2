/* duplicates: sends every record twice, the second time as another one. Stands before queue_add. */
#include "agents/common/queue.h"

#include "agents/common/text.h"

/* The linker (--wrap) puts the second in the place of the first. */
int __real_queue_add(struct queue *queue, const char *collection, const cJSON *record, uint64_t *id,
		     struct error *err);
int __wrap_queue_add(struct queue *queue, const char *collection, const cJSON *record, uint64_t *id,
		     struct error *err);

int __wrap_queue_add(struct queue *queue, const char *collection, const cJSON *record, uint64_t *id,
		     struct error *err)
{
	char other[TEXT_UUID_MAX];
	cJSON *copy = cJSON_Duplicate(record, true);
	int status = __real_queue_add(queue, collection, record, id, err);

	cJSON_ReplaceItemInObjectCaseSensitive(copy, "record",
					       cJSON_CreateString(text_uuid(other)));
	if (status == 0)
		status = __real_queue_add(queue, collection, copy, NULL, err);
	cJSON_Delete(copy);
	return status;
}
