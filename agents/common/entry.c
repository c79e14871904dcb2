#include "agents/common/entry.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/digest.h"

enum { SUM_SIZE = 32, SUM_END = 1 + SUM_SIZE }; /* with '#' before it */

static const char letters[ENTRY_KINDS + 1] = "brfg";

bool entry_write(const struct entry *entry, struct buf *out)
{
	char sum[DIGEST_TEXT_MAX];
	const size_t begin = out->size;

	buf_printf(out, "#%0*d %c %" PRIu64 " %" PRIu64 " %zu\n", SUM_SIZE, 0, letters[entry->kind],
		   entry->id, entry->number, entry->size);
	if (entry->size)
		buf_add(out, entry->body, entry->size);
	if (!buf_add_u8(out, '\n') || out->failed || entry->size > ENTRY_BODY_MAX) {
		out->size = begin;
		out->failed = false;
		return false;
	}
	digest_sha256(out->data + begin + SUM_END, out->size - begin - SUM_END, sum);
	memcpy(out->data + begin + 1, sum, SUM_SIZE);
	return true;
}

static bool take_number(const char **at, uint64_t *number)
{
	char *end;

	if (**at < '0' || **at > '9')
		return false;
	errno = 0;
	*number = strtoull(*at, &end, 10);
	*at = end + 1;
	return !errno && (*end == ' ' || *end == '\n');
}

/* head ends with a line feed. */
static bool read_head(const char *head, struct entry *entry)
{
	const char *at = head + SUM_END + 3; /* " k " */
	uint64_t size;

	const char *letter = head[SUM_END + 1] ? strchr(letters, head[SUM_END + 1]) : NULL;
	if (head[0] != '#' || head[SUM_END] != ' ' || !letter || head[SUM_END + 2] != ' ' ||
	    !take_number(&at, &entry->id) || !take_number(&at, &entry->number) ||
	    !take_number(&at, &size) || at[-1] != '\n' || size > ENTRY_BODY_MAX)
		return false;
	entry->kind = (enum entry_kind)(letter - letters);
	entry->size = (size_t)size;
	return true;
}

static bool all_zero(const char *data, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (data[i])
			return false;
	return true;
}

/* A file system may have made the file longer before it had the bytes. */
static enum entry_reading torn_or_damaged(const char *data, size_t size, bool prefix,
					  size_t *length)
{
	*length = size;
	return prefix || all_zero(data, size) ? ENTRY_TORN : ENTRY_DAMAGED;
}

enum entry_reading entry_read(const char *data, size_t size, struct entry *entry, size_t *length)
{
	char sum[DIGEST_TEXT_MAX], head[ENTRY_HEAD_MAX + 1] = "";
	const char *feed = memchr(data, '\n', size < ENTRY_HEAD_MAX ? size : ENTRY_HEAD_MAX);

	if (!feed)
		return torn_or_damaged(data, size, size < ENTRY_HEAD_MAX && data[0] == '#', length);
	const size_t head_size = (size_t)(feed + 1 - data);
	memcpy(head, data, head_size);
	if (head_size < SUM_END + 3 || !read_head(head, entry))
		return torn_or_damaged(data, size, false, length);
	if (size - head_size < entry->size + 1)
		return torn_or_damaged(data, size, true, length);
	*length = head_size + entry->size + 1;
	digest_sha256(data + SUM_END, *length - SUM_END, sum);
	entry->body = data + head_size;
	return memcmp(sum, data + 1, SUM_SIZE) == 0 ? ENTRY_WHOLE : ENTRY_DAMAGED;
}

size_t entry_skip(const char *data, size_t size)
{
	struct entry entry;
	size_t length;

	for (size_t at = 1; at < size; at++) {
		const char *mark = memchr(data + at, '#', size - at);
		if (!mark)
			break;
		at = (size_t)(mark - data);
		if (data[at - 1] == '\n' &&
		    entry_read(data + at, size - at, &entry, &length) == ENTRY_WHOLE)
			return at;
	}
	return size;
}
