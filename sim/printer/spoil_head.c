/* Wrongs of what stands before the varbinds. */
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "sim/printer/draft.h"
#include "sim/printer/spoil.h"

enum { TOO_BIG = 1 };

/* RFC 3416, 4.2.1: an answer with an error-status carries the names of the request. */
static void fail(struct draft *draft, int64_t status, int64_t index)
{
	draft->message.error_status = draft_number(draft, status);
	draft->message.error_index = draft_number(draft, index);
	draft->count = 0;
	for (size_t i = 0; i < draft->asked.varbind_count; i++)
		if (varbind_read(draft->asked.varbinds[i], &draft->varbinds[draft->count]))
			draft->count++;
}

/* The first varbind of the request that is meant, from 1; 0: it has none. */
static int64_t index_meant(const struct spoiling *spoiling, const struct draft *draft)
{
	struct varbind varbind;

	for (size_t i = 0; i < draft->asked.varbind_count; i++)
		if (varbind_read(draft->asked.varbinds[i], &varbind) &&
		    varbind_below(&varbind, spoiling->below))
			return (int64_t)i + 1;
	return 0;
}

bool spoil_error_status(const struct spoiling *spoiling, struct draft *draft)
{
	int64_t status = json_int_of(spoiling->with, "status", 5);
	int64_t index = json_int_of(spoiling->with, "index", index_meant(spoiling, draft));

	fail(draft, status, index);
	buf_printf(spoiling->did, "error-status %d, error-index %d", (int)status, (int)index);
	return true;
}

/* RFC 3416, 4.2.1: no varbinds in v2c; RFC 1157, 4.1.2: those of the request in v1. */
bool spoil_too_big(const struct spoiling *spoiling, struct draft *draft)
{
	size_t most = (size_t)json_int_of(spoiling->with, "over", 1);
	size_t count = draft->count;

	if (count <= most)
		return false;
	fail(draft, TOO_BIG, 0);
	if (draft->message.version == 1)
		draft->count = 0;
	buf_printf(spoiling->did, "tooBig for %zu varbinds", count);
	return true;
}

/* Keeps the size: the last byte is another. */
bool spoil_request_id(const struct spoiling *spoiling, struct draft *draft)
{
	struct span *request = &draft->message.request;
	uint8_t *other = draft_room(draft, request->size);

	if (!request->size)
		return false;
	memcpy(other, request->data, request->size);
	other[request->size - 1] ^= 0x55;
	buf_printf(spoiling->did, "request-id %lld for %lld",
		   (long long)ber_integer((struct span){ other, request->size }),
		   (long long)ber_integer(*request));
	request->data = other;
	return true;
}

bool spoil_community(const struct spoiling *spoiling, struct draft *draft)
{
	const char *community = json_text_of(spoiling->with, "community", "wrong");
	struct span *own = &draft->message.community;
	size_t size = strlen(community);

	if (own->size == size && !memcmp(own->data, community, size))
		return false;
	*own = (struct span){ (const uint8_t *)community, size };
	buf_printf(spoiling->did, "community '%s'", community);
	return true;
}

bool spoil_version(const struct spoiling *spoiling, struct draft *draft)
{
	int64_t own = draft->message.version;

	draft->message.version = json_int_of(spoiling->with, "number", own ? 0 : 1);
	buf_printf(spoiling->did, "version number %d for %d", (int)draft->message.version,
		   (int)own);
	return draft->message.version != own;
}

/* RFC 3416, 3; trap of v1 has another shape and is not among them. */
static const uint8_t pdus[] = { 0xa0, 0xa1, 0xa3, 0xa5, 0xa6, 0xa7, 0xa8 };
const char *const spoil_pdus[] = { "get",    "getnext", "set",    "getbulk",
				   "inform", "trap",    "report", NULL };

bool spoil_pdu(const struct spoiling *spoiling, struct draft *draft)
{
	const char *name = json_text_of(spoiling->with, "pdu", "report");

	for (size_t i = 0; i < COUNT_OF(pdus); i++)
		if (!strcmp(spoil_pdus[i], name))
			draft->message.pdu = pdus[i];
	buf_printf(spoiling->did, "a %s", name);
	return true;
}
