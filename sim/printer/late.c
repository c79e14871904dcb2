#include "sim/printer/late.h"

#include <stdlib.h>
#include <string.h>

#include "sim/printer/snmp_message.h"

struct kept {
	struct buf question, answer;
};

struct late {
	struct kept kept[LATE_MAX]; /* oldest first */
	size_t count;
};

struct late *late_new(void)
{
	return alloc_zero(1, sizeof(struct late));
}

static void kept_done(struct kept *kept)
{
	buf_done(&kept->question);
	buf_done(&kept->answer);
}

void late_free(struct late *late)
{
	if (!late)
		return;
	for (size_t i = 0; i < late->count; i++)
		kept_done(&late->kept[i]);
	free(late);
}

/* What a retry has in common with the first try. */
static void put_question(const struct datagram *in, struct buf *out)
{
	struct snmp_message message;

	buf_add_be32(out, in->from);
	buf_add_be16(out, in->to_port);
	if (!snmp_message_parse(in->data, in->size, &message)) {
		buf_add(out, in->data, in->size);
		return;
	}
	buf_add_u8(out, message.pdu);
	buf_add_u8(out, (uint8_t)message.version);
	buf_add(out, message.community.data, message.community.size);
	buf_add(out, message.error_status.data, message.error_status.size);
	buf_add(out, message.error_index.data, message.error_index.size);
	buf_add(out, message.list.data, message.list.size);
}

static void forget(struct late *late, size_t i)
{
	late->count--;
	memmove(&late->kept[i], &late->kept[i + 1], (late->count - i) * sizeof(late->kept[0]));
}

static void keep(struct late *late, const struct buf *question, const struct buf *bytes)
{
	if (late->count == LATE_MAX) {
		kept_done(&late->kept[0]);
		forget(late, 0);
	}
	struct kept *kept = &late->kept[late->count++];
	buf_init(&kept->question, question->max);
	buf_init(&kept->answer, bytes->max);
	buf_add(&kept->question, question->data, question->size);
	buf_add(&kept->answer, bytes->data, bytes->size);
}

static bool take(struct late *late, const struct buf *question, struct buf *earlier)
{
	for (size_t i = 0; i < late->count; i++) {
		struct kept *kept = &late->kept[i];
		if (kept->question.size != question->size ||
		    memcmp(kept->question.data, question->data, question->size) != 0)
			continue;
		buf_done(&kept->question);
		buf_done(earlier);
		*earlier = kept->answer;
		forget(late, i);
		return true;
	}
	return false;
}

bool late_again(struct late *late, const struct datagram *in, const struct buf *bytes,
		struct buf *earlier)
{
	struct buf question;

	buf_init(&question, 2 * 65535);
	put_question(in, &question);
	bool again = take(late, &question, earlier);
	if (!again)
		keep(late, &question, bytes);
	buf_done(&question);
	return again;
}
