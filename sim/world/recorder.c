#include "sim/world/recorder.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/wall.h"
#include "sim/world/pcapng.h"

enum { CHUNK = 1 << 20, SECRETS_MAX = 16 << 20, BLOCK_MAX = 32 << 20 };

static const size_t KEPT_MAX = 512u << 20;

struct kept {
	int64_t wall_ns;
	const uint8_t *data; /* in a chunk */
	uint32_t size;
	uint32_t interface;
	bool from_agent;
	char *comment; /* owned, or NULL */
};

struct chunk {
	struct chunk *before;
	size_t size, capacity;
	uint8_t data[];
};

struct named {
	uint32_t address;
	char *name; /* owned */
};

struct recorder {
	struct kept *kept;
	size_t count, capacity;
	struct chunk *chunk; /* the newest */
	size_t bytes;
	uint64_t frames, lost;
	struct buf secrets;
	struct named *names;
	size_t name_count;
	uint64_t received, dropped;
};

struct recorder *recorder_new(void)
{
	struct recorder *recorder = alloc_zero(1, sizeof(*recorder));
	buf_init(&recorder->secrets, SECRETS_MAX);
	return recorder;
}

void recorder_free(struct recorder *recorder)
{
	if (!recorder)
		return;
	while (recorder->chunk) {
		struct chunk *before = recorder->chunk->before;
		free(recorder->chunk);
		recorder->chunk = before;
	}
	for (size_t i = 0; i < recorder->count; i++)
		free(recorder->kept[i].comment);
	for (size_t i = 0; i < recorder->name_count; i++)
		free(recorder->names[i].name);
	free(recorder->kept);
	free(recorder->names);
	buf_done(&recorder->secrets);
	free(recorder);
}

/* Room for size bytes that never moves; NULL at the ceiling. */
static uint8_t *room(struct recorder *recorder, size_t size)
{
	if (size > KEPT_MAX - recorder->bytes)
		return NULL;
	struct chunk *chunk = recorder->chunk;
	if (!chunk || chunk->capacity - chunk->size < size) {
		size_t capacity = size > CHUNK ? size : CHUNK;
		chunk = alloc_zero(1, sizeof(*chunk) + capacity);
		chunk->before = recorder->chunk;
		chunk->capacity = capacity;
		recorder->chunk = chunk;
	}
	uint8_t *at = chunk->data + chunk->size;
	chunk->size += size;
	recorder->bytes += size;
	return at;
}

static uint8_t *keep(struct recorder *recorder, const struct kept *frame)
{
	uint8_t *at = room(recorder, frame->size);

	if (!at) {
		recorder->lost++;
		return NULL;
	}
	if (recorder->count == recorder->capacity) {
		recorder->capacity = recorder->capacity * 2 + 256;
		recorder->kept =
			alloc_grow(recorder->kept, recorder->capacity, sizeof(*recorder->kept));
	}
	recorder->kept[recorder->count] = *frame;
	recorder->kept[recorder->count++].data = at;
	return at;
}

uint64_t recorder_frame(struct recorder *recorder, int64_t wall_ns, bool from_agent,
			const void *frame, size_t size)
{
	struct kept kept = { .wall_ns = wall_ns, .size = (uint32_t)size, .from_agent = from_agent };
	uint8_t *at = keep(recorder, &kept);

	if (!at)
		return 0;
	memcpy(at, frame, size);
	recorder->frames++;
	return recorder->count;
}

uint64_t recorder_plaintext(struct recorder *recorder, int64_t wall_ns,
			    const struct recorder_plaintext *piece, const void *data, size_t size)
{
	struct pcapng_pdu pdu = { .protocol = piece->protocol,
				  .from = piece->cloud_address,
				  .from_port = piece->cloud_port,
				  .to = piece->agent_address,
				  .to_port = piece->agent_port };
	struct buf head;

	if (piece->from_agent) {
		pdu.from = piece->agent_address;
		pdu.from_port = piece->agent_port;
		pdu.to = piece->cloud_address;
		pdu.to_port = piece->cloud_port;
	}
	buf_init(&head, 1024);
	pcapng_pdu(&head, &pdu);
	struct kept kept = { .wall_ns = wall_ns,
			     .size = (uint32_t)(head.size + size),
			     .interface = 1,
			     .from_agent = piece->from_agent };
	uint8_t *at = keep(recorder, &kept);
	if (at) {
		memcpy(at, head.data, head.size);
		memcpy(at + head.size, data, size);
	}
	buf_done(&head);
	return at ? recorder->count : 0;
}

void recorder_secret(struct recorder *recorder, const char *keylog_line)
{
	if (buf_add_text(&recorder->secrets, keylog_line))
		buf_add_text(&recorder->secrets, "\n");
}

void recorder_name(struct recorder *recorder, uint32_t address, const char *name)
{
	recorder->names =
		alloc_grow(recorder->names, recorder->name_count + 1, sizeof(*recorder->names));
	recorder->names[recorder->name_count++] = (struct named){ address, alloc_text(name) };
}

void recorder_counters(struct recorder *recorder, uint64_t received, uint64_t dropped)
{
	recorder->received = received;
	recorder->dropped = dropped;
}

uint64_t recorder_frames(const struct recorder *recorder)
{
	return recorder->frames;
}

uint64_t recorder_lost(const struct recorder *recorder)
{
	return recorder->lost;
}

bool recorder_comment(struct recorder *recorder, uint64_t number, const char *text)
{
	if (number < 1 || number > recorder->count)
		return false;
	char **comment = &recorder->kept[number - 1].comment;
	char *joined = *comment ? alloc_printf("%s; %s", *comment, text) : alloc_text(text);
	free(*comment);
	*comment = joined;
	return true;
}

/* Hands the block in out to the file; a block that did not fit, or a full disk, is an error. */
static bool flush(struct buf *out, FILE *file)
{
	bool written = !out->failed && fwrite(out->data, 1, out->size, file) == out->size;
	buf_clear(out);
	return written;
}

static bool write_head(const struct recorder *recorder, const char *comment, struct buf *out,
		       FILE *file)
{
	AUTO_FREE struct pcapng_name *names = alloc_zero(recorder->name_count, sizeof(*names));

	for (size_t i = 0; i < recorder->name_count; i++)
		names[i] =
			(struct pcapng_name){ recorder->names[i].address, recorder->names[i].name };
	pcapng_section(out, "ecsp " ECSP_VERSION, comment);
	pcapng_interface(out, PCAPNG_ETHERNET, "eth0",
			 "everything that enters or leaves the agent's network namespace");
	pcapng_interface(out, PCAPNG_UPPER_PDU, "cloud-plaintext",
			 "what the cloud read and wrote inside TLS");
	if (recorder->name_count)
		pcapng_names(out, names, recorder->name_count);
	if (!flush(out, file))
		return false;
	/* Before the packets: Wireshark opens only what it has the key for when it reads it. */
	if (recorder->secrets.size)
		pcapng_secrets(out, recorder->secrets.data, recorder->secrets.size);
	return flush(out, file);
}

static bool write_frames(const struct recorder *recorder, struct buf *out, FILE *file)
{
	for (size_t i = 0; i < recorder->count; i++) {
		const struct kept *kept = &recorder->kept[i];
		struct pcapng_packet packet = { .interface = kept->interface,
						.wall_ns = kept->wall_ns,
						.outbound = kept->from_agent,
						.data = kept->data,
						.size = kept->size,
						.comment = kept->comment };
		pcapng_packet(out, &packet);
		if (!flush(out, file))
			return false;
	}
	int64_t last = recorder->count ? recorder->kept[recorder->count - 1].wall_ns : wall_now();
	pcapng_statistics(out, 0, last, recorder->received, recorder->dropped);
	return flush(out, file);
}

int recorder_write(const struct recorder *recorder, const char *path, const char *comment,
		   struct error *err)
{
	struct buf out;

	if (recorder->secrets.failed)
		return error_set(err, EFBIG, "more TLS secrets than fit into %s", path);
	FILE *file = fopen(path, "we");
	if (!file)
		return error_set(err, errno, "cannot write %s: %s", path, strerror(errno));
	buf_init(&out, BLOCK_MAX);
	errno = 0;
	bool written =
		write_head(recorder, comment, &out, file) && write_frames(recorder, &out, file);
	int code = errno;
	buf_done(&out);
	if (fclose(file) && written) {
		written = false;
		code = errno;
	}
	if (written)
		return 0;
	return error_set(err, code ? code : EIO, "cannot write %s: %s", path,
			 strerror(code ? code : EIO));
}
