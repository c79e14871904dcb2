#include "sim/printer/draft.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

bool varbind_read(struct span varbind, struct varbind *out)
{
	struct span content;

	return ber_take_tag(&varbind, BER_SEQUENCE, &content) &&
	       ber_take_tag(&content, BER_OID, &out->name) &&
	       ber_take(&content, &out->tag, &out->value);
}

bool varbind_below(const struct varbind *varbind, const struct oid *top)
{
	struct oid name;

	if (!top)
		return true;
	return ber_oid(varbind->name, &name) &&
	       (oid_below(name.id, name.count, top) ||
		!oid_compare(name.id, name.count, top->id, top->count));
}

bool draft_init(struct draft *draft, struct span request, struct span answer)
{
	draft->count = draft->used = 0;
	draft->room = NULL;
	if (!snmp_message_parse(request.data, request.size, &draft->asked) ||
	    !snmp_message_parse(answer.data, answer.size, &draft->message))
		return false;
	for (size_t i = 0; i < draft->message.varbind_count; i++)
		if (!varbind_read(draft->message.varbinds[i], &draft->varbinds[draft->count++]))
			return false;
	draft->room = alloc_zero(1, DRAFT_ROOM);
	return true;
}

void draft_done(struct draft *draft)
{
	free(draft->room);
}

uint8_t *draft_room(struct draft *draft, size_t size)
{
	uint8_t *at = draft->room + draft->used;

	assert(size <= DRAFT_ROOM - draft->used);
	draft->used += size;
	return at;
}

struct span draft_number(struct draft *draft, int64_t number)
{
	size_t size = ber_number_size(number);
	uint8_t *at = draft_room(draft, size);

	ber_put_number(at, number);
	return (struct span){ at, size };
}

struct span draft_name(struct draft *draft, const struct oid *oid)
{
	size_t size = ber_oid_size(oid->id, oid->count);
	uint8_t *at = draft_room(draft, size);

	ber_put_oid(at, oid->id, oid->count);
	return (struct span){ at, size };
}

static uint8_t *put(uint8_t *at, uint8_t tag, struct span content)
{
	at = ber_put_header(at, tag, content.size);
	memcpy(at, content.data, content.size);
	return at + content.size;
}

static struct span write_varbind(struct draft *draft, const struct varbind *varbind)
{
	size_t content = ber_header_size(varbind->name.size) + varbind->name.size +
			 ber_header_size(varbind->value.size) + varbind->value.size;
	size_t size = ber_header_size(content) + content;
	uint8_t *start = draft_room(draft, size);
	uint8_t *at = ber_put_header(start, BER_SEQUENCE, content);

	at = put(at, BER_OID, varbind->name);
	put(at, varbind->tag, varbind->value);
	return (struct span){ start, size };
}

void draft_write(struct draft *draft, struct buf *out)
{
	size_t used = draft->used;

	for (size_t i = 0; i < draft->count; i++)
		draft->message.varbinds[i] = write_varbind(draft, &draft->varbinds[i]);
	draft->message.varbind_count = draft->count;
	snmp_message_rebuild(&draft->message, draft->count, out);
	draft->used = used; /* may be written once more */
}
