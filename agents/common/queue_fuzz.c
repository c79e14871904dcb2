/* What an earlier run left on disk, as anybody may have changed it: pieces of the input become
 * entries with a sum that fits, or bytes as they are. */
#include <fcntl.h>
#include <string.h>

#include "agents/common/entry.h"
#include "agents/common/fixture.h"
#include "agents/common/queue.h"
#include "base/cleanup.h"
#include "base/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void make(const uint8_t *data, size_t size, struct buf *out)
{
	while (size >= 4) {
		const size_t room = size - 4, wanted = (size_t)(data[2] | (data[3] & 3) << 8);
		const struct entry entry = { .kind = (enum entry_kind)(data[0] % ENTRY_KINDS),
					     .id = data[1] & 15,
					     .number = data[1] >> 4,
					     .body = (const char *)data + 4,
					     .size = wanted < room ? wanted : room };
		if (data[0] & 64)
			buf_add(out, entry.body, entry.size);
		else
			entry_write(&entry, out);
		data += 4 + entry.size;
		size -= 4 + entry.size;
	}
}

static void use(const char *state)
{
	struct error err = { 0 };
	cJSON *identity = cJSON_CreateObject();
	struct queue *queue = queue_new(state, &(struct queue_limits){ 20, 8 }, &err);

	if (!queue)
		abort();
	queue_add(queue, "event", identity, NULL, &err);
	for (int i = 0; i < 8 && queue_next(queue, identity, &err); i++) {
		const struct queue_upload *upload = queue_next(queue, identity, &err);
		if (!upload->count || !upload->key || !upload->body)
			abort();
		if (i == 2 && queue_split(queue))
			continue;
		if (i % 2)
			queue_delivered(queue);
		else
			queue_rejected(queue, &err);
	}
	queue_free(queue);
	cJSON_Delete(identity);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf out;
	char *state = fixture_folder();
	AUTO_FREE char *folder = file_join(state, "queue");
	AUTO_FREE char *path = file_join(folder, "00000000000000000001");

	buf_init(&out, 1 << 20);
	make(data, size, &out);
	if (file_make_folders(folder, NULL) == 0 &&
	    file_write(path, out.size ? out.data : data, out.size, NULL) == 0) {
		use(state);
		use(state);
	}
	buf_done(&out);
	fixture_folder_done(state);
	return 0;
}
