#include "sim/printer/fastpath.h"

#include <string.h>

#include "sim/printer/channel.h"
#include "sim/printer/device.h"
#include "sim/printer/live.h"
#include "sim/printer/origin.h"
#include "sim/printer/snmp.h"
#include "sim/printer/snmp_tell.h"

enum {
	NAMES_MAX = 64,
	NAME_SIZE_MAX = 127, /* more could be more than OID_MAX numbers */
	ENGINE_SAFE = 60000, /* answers net-snmp builds without thinking about its own limit */
	LIVE_VARBIND_MAX = 2048,
	NO_SUCH_NAME = 2,
	NO_SUCH_OBJECT = 0x80,
	NO_SUCH_INSTANCE = 0x81,
	END_OF_MIB_VIEW = 0x82,
	UNDER_1_3 = 0x2b, /* what we register with net-snmp */
};

struct request {
	int64_t version, id;
	int64_t non_repeaters, repetitions; /* of a GETBULK */
	uint8_t pdu;
	struct span community;
	struct span names[NAMES_MAX];
	size_t count;
};

enum put { PUT_DONE, PUT_FULL, PUT_NOT_OURS };

struct writer {
	const struct device *device;
	struct mib_view view;
	struct buf *scratch;
	uint8_t *start, *at, *limit; /* of the varbinds */
	size_t most;                 /* bytes of the answer */
	uint8_t *fits;               /* where those end that fit when there are too many */
	size_t fitting;              /* bytes of varbinds that fit then */
	uint8_t error_status, error_index;
};

/* ---- reading ---- */

static bool take_number(struct span *in, int64_t *number)
{
	struct span content;
	if (!ber_take_tag(in, BER_INTEGER, &content) || !content.size || content.size > 4)
		return false;
	*number = ber_integer(content);
	return true;
}

static bool take_names(struct span list, struct request *request)
{
	struct span varbind, name, value;

	for (request->count = 0; list.size; request->count++) {
		if (request->count == NAMES_MAX || !ber_take_tag(&list, BER_SEQUENCE, &varbind) ||
		    !ber_take_tag(&varbind, BER_OID, &name) ||
		    !ber_take_tag(&varbind, BER_NULL, &value) || varbind.size || value.size ||
		    !name.size || name.size > NAME_SIZE_MAX || name.data[0] != UNDER_1_3)
			return false;
		request->names[request->count] = name;
	}
	return request->count > 0;
}

static bool is_ours(const struct request *request)
{
	if (request->pdu == PDU_GETBULK)
		return request->version == 1;
	return (request->pdu == PDU_GET || request->pdu == PDU_GETNEXT) && request->version >= 0 &&
	       request->version <= 1;
}

static bool read_request(const struct datagram *in, struct request *request)
{
	struct span rest = { in->data, in->size }, body, pdu, list;

	return in->size <= SNMP_ANSWER_MAX && ber_take_tag(&rest, BER_SEQUENCE, &body) &&
	       !rest.size && take_number(&body, &request->version) &&
	       ber_take_tag(&body, BER_OCTETS, &request->community) &&
	       ber_take(&body, &request->pdu, &pdu) && !body.size && is_ours(request) &&
	       take_number(&pdu, &request->id) && take_number(&pdu, &request->non_repeaters) &&
	       take_number(&pdu, &request->repetitions) &&
	       ber_take_tag(&pdu, BER_SEQUENCE, &list) && !pdu.size && take_names(list, request);
}

/* Where a name stands in the list, or would stand. */
struct place {
	size_t at;
	bool exact, has_object;
};

static bool search(const struct mib_view *view, struct span name, struct place *place)
{
	struct oid oid;

	if (!ber_oid(name, &oid))
		return false;
	place->at = mib_lower_bound(view, oid.id, oid.count);
	place->exact = mib_stands_at(view, place->at, oid.id, oid.count);
	place->has_object = mib_has_object(view, place->at, oid.id, oid.count);
	return true;
}

static bool locate(const struct mib_view *view, struct span name, struct place *place)
{
	place->at = mib_position(view->mib, name.data, name.size, &place->exact);
	if (place->at < mib_count(view->mib) && place->exact)
		return true;
	return search(view, name, place);
}

static bool locate_next(const struct mib_view *view, struct span name, size_t *at)
{
	struct place place;

	place.at = mib_position(view->mib, name.data, name.size, &place.exact);
	if (place.at == mib_count(view->mib) && !search(view, name, &place))
		return false;
	*at = place.at + place.exact;
	return true;
}

/* ---- writing varbinds ---- */

static enum put has_room(const struct writer *writer, size_t size)
{
	return (size_t)(writer->limit - writer->at) < size ? PUT_FULL : PUT_DONE;
}

static enum put note(struct writer *writer, uint8_t *end)
{
	writer->at = end;
	if ((size_t)(end - writer->start) <= writer->fitting)
		writer->fits = end;
	return PUT_DONE;
}

/* The name of an entry, and size bytes of value behind it that the caller puts. */
static enum put put_name(struct writer *writer, const struct mib_entry *entry, size_t size,
			 uint8_t **value)
{
	uint32_t index[MIB_INDEX_IDS];
	size_t indexed = 0;

	if (entry->index != INDEX_FIXED) {
		mib_index(&writer->view, entry, index);
		indexed = ber_ids_size(index, MIB_INDEX_IDS);
	}
	size_t name = entry->name_size + indexed;
	size_t content = ber_header_size(name) + name + size;

	if (has_room(writer, ber_header_size(content) + content) == PUT_FULL)
		return PUT_FULL;
	uint8_t *at = ber_put_header(writer->at, BER_SEQUENCE, content);
	at = ber_put_header(at, BER_OID, name);
	memcpy(at, entry->name, entry->name_size);
	at += entry->name_size;
	*value = indexed ? ber_put_ids(at, index, MIB_INDEX_IDS) : at;
	return PUT_DONE;
}

static enum put put_read(struct writer *writer, const struct mib_entry *entry)
{
	const struct mib_entry read = live_read(writer->device, entry, writer->scratch);
	size_t size = mib_value_size(&read);
	uint8_t *at;

	if (!mib_is_encodable(&read) || writer->scratch->failed)
		return PUT_NOT_OURS;
	if (put_name(writer, entry, ber_header_size(size) + size, &at) == PUT_FULL)
		return PUT_FULL;
	return note(writer, mib_put_value(at, &read));
}

static enum put put_entry(struct writer *writer, size_t position)
{
	const struct mib_entry *entry = mib_entry(writer->view.mib, position);

	if (!entry->varbind)
		return put_read(writer, entry);
	if (has_room(writer, entry->varbind_size) == PUT_FULL)
		return PUT_FULL;
	memcpy(writer->at, entry->varbind, entry->varbind_size);
	return note(writer, writer->at + entry->varbind_size);
}

/* A name as it was asked for, with NULL or an exception. */
static enum put put_empty(struct writer *writer, struct span name, uint8_t tag)
{
	size_t content = ber_header_size(name.size) + name.size + 2;

	if (has_room(writer, ber_header_size(content) + content) == PUT_FULL)
		return PUT_FULL;
	uint8_t *at = ber_put_header(writer->at, BER_SEQUENCE, content);
	at = ber_put_header(at, BER_OID, name.size);
	memcpy(at, name.data, name.size);
	return note(writer, ber_put_header(at + name.size, tag, 0));
}

/* Behind the last entry of the list: its name again. */
static enum put put_end(struct writer *writer)
{
	const struct mib *mib = writer->view.mib;
	uint8_t *at;

	if (put_name(writer, mib_entry(mib, mib_count(mib) - 1), 2, &at) == PUT_FULL)
		return PUT_FULL;
	return note(writer, ber_put_header(at, END_OF_MIB_VIEW, 0));
}

/* ---- the three requests ---- */

/* RFC 1157, 4.1.2: the request's own names, and which of them it was. */
static enum put put_no_such_name(struct writer *writer, const struct request *request, size_t index)
{
	enum put put = PUT_DONE;

	writer->at = writer->start;
	writer->error_status = NO_SUCH_NAME;
	writer->error_index = (uint8_t)(index + 1);
	for (size_t i = 0; i < request->count && put == PUT_DONE; i++)
		put = put_empty(writer, request->names[i], BER_NULL);
	return put;
}

static enum put put_get(struct writer *writer, struct span name, bool *missing)
{
	struct place place;

	if (!locate(&writer->view, name, &place))
		return PUT_NOT_OURS;
	*missing = !place.exact;
	if (place.exact)
		return put_entry(writer, place.at);
	if (channel_is_meant(name))
		return PUT_NOT_OURS;
	return put_empty(writer, name, place.has_object ? NO_SUCH_INSTANCE : NO_SUCH_OBJECT);
}

static enum put put_next(struct writer *writer, struct span name, bool *missing)
{
	size_t at;

	if (!locate_next(&writer->view, name, &at))
		return PUT_NOT_OURS;
	*missing = at == mib_count(writer->view.mib);
	return *missing ? put_empty(writer, name, END_OF_MIB_VIEW) : put_entry(writer, at);
}

static bool answer_each(struct writer *writer, const struct request *request)
{
	size_t missed = request->count;

	for (size_t i = 0; i < request->count; i++) {
		bool missing = false;
		struct span name = request->names[i];
		enum put put = request->pdu == PDU_GET ? put_get(writer, name, &missing)
						       : put_next(writer, name, &missing);
		if (put != PUT_DONE)
			return false; /* too big, or odd */
		if (missing)
			missed = i; /* net-snmp names the last */
	}
	if (request->version == 0 && missed < request->count)
		return put_no_such_name(writer, request, missed) == PUT_DONE;
	return true;
}

struct columns {
	size_t at[NAMES_MAX]; /* the next entry of each */
	bool none[NAMES_MAX]; /* it had no entry from the start */
	size_t count;
	bool overflow; /* more than fits has been put */
	size_t unseen; /* bytes of varbinds that were not put any more, at most */
};

static size_t size_at_most(const struct mib *mib, size_t at)
{
	const struct mib_entry *entry = at < mib_count(mib) ? mib_entry(mib, at) : NULL;
	return entry && entry->varbind ? entry->varbind_size : LIVE_VARBIND_MAX;
}

static enum put put_cell(struct writer *writer, const struct request *request,
			 struct columns *columns, size_t column)
{
	size_t *at = &columns->at[column];
	enum put put = PUT_DONE;

	if (columns->overflow)
		columns->unseen += size_at_most(writer->view.mib, *at);
	else if (*at < mib_count(writer->view.mib))
		put = put_entry(writer, *at);
	else if (request->count > 1)
		put = PUT_NOT_OURS; /* where columns end one by one, net-snmp has ways of its own */
	else if (!columns->none[column])
		put = put_end(writer);
	else
		put = put_empty(writer, request->names[column], END_OF_MIB_VIEW);
	if (put == PUT_FULL) {
		columns->overflow = true;
		columns->unseen = size_at_most(writer->view.mib, *at);
		put = PUT_DONE;
	}
	*at += *at < mib_count(writer->view.mib);
	return put;
}

/* Of a single column, as many rows at once as fit and stand ready. Returns how many. */
static size_t put_run(struct writer *writer, struct columns *columns, size_t rows)
{
	size_t used = (size_t)(writer->at - writer->start);
	struct span run;

	if (columns->count != 1 || columns->overflow || used >= writer->fitting)
		return 0;
	size_t count =
		mib_run(writer->view.mib, columns->at[0], rows, writer->fitting - used, &run);
	if (!count)
		return 0;
	memcpy(writer->at, run.data, run.size);
	note(writer, writer->at + run.size);
	columns->at[0] += count;
	return count;
}

/* The first row with nothing but endOfMibView is the last (RFC 3416, 4.2.3). */
static bool put_rows(struct writer *writer, const struct request *request, struct columns *columns,
		     size_t rows)
{
	size_t count = mib_count(writer->view.mib);
	bool ended = false;

	for (size_t row = 0; row < rows && !ended; row++) {
		row += put_run(writer, columns, rows - row);
		if (row == rows)
			break;
		ended = true;
		for (size_t i = 0; i < columns->count; i++) {
			ended = ended && columns->at[i] == count;
			if (put_cell(writer, request, columns, i) != PUT_DONE)
				return false;
		}
	}
	return columns->unseen < ENGINE_SAFE;
}

/* Non-repeaters beside repetitions are rare, and left to net-snmp. */
static bool answer_bulk(struct writer *writer, const struct request *request)
{
	struct columns columns;
	size_t most = SNMP_BULK_RESPONSES_MAX / request->count;
	size_t rows = request->repetitions > 0 ? (size_t)request->repetitions : 0;

	if (request->non_repeaters > 0 || !rows)
		return false;
	columns.count = request->count;
	columns.overflow = false;
	columns.unseen = 0;
	if (most > SNMP_BULK_REPEATS_MAX)
		most = SNMP_BULK_REPEATS_MAX;
	for (size_t i = 0; i < request->count; i++) {
		if (!locate_next(&writer->view, request->names[i], &columns.at[i]))
			return false;
		columns.none[i] = columns.at[i] == mib_count(writer->view.mib);
	}
	if (!put_rows(writer, request, &columns, rows < most ? rows : most))
		return false;
	if (columns.overflow)
		writer->at = writer->limit + 1; /* longer than a frame: finish cuts it */
	return true;
}

/* ---- the message around them ---- */

static struct span wrap(const struct writer *writer, const struct request *request,
			const uint8_t *end)
{
	uint8_t *at = ber_push(writer->start, BER_SEQUENCE, (size_t)(end - writer->start));

	at = ber_push_number(at, BER_INTEGER, writer->error_index);
	at = ber_push_number(at, BER_INTEGER, writer->error_status);
	at = ber_push_number(at, BER_INTEGER, request->id);
	at = ber_push(at, PDU_RESPONSE, (size_t)(end - at));
	at = ber_push_bytes(at, BER_OCTETS, request->community);
	at = ber_push_number(at, BER_INTEGER, request->version);
	at = ber_push(at, BER_SEQUENCE, (size_t)(end - at));
	return (struct span){ at, (size_t)(end - at) };
}

static bool finish(const struct writer *writer, const struct request *request, struct span *answer)
{
	*answer = (struct span){ NULL, writer->most + 1 };
	if (writer->at <= writer->limit)
		*answer = wrap(writer, request, writer->at);
	if (answer->size <= writer->most)
		return true;
	if (request->pdu != PDU_GETBULK || writer->fits == writer->start)
		return false;
	*answer = wrap(writer, request, writer->fits);
	return true;
}

static bool write_answer(struct device *device, const struct request *request, size_t most,
			 uint8_t room[FASTPATH_ROOM], struct span *answer)
{
	struct writer writer = { .device = device,
				 .view = device_view(device),
				 .scratch = &device->origin->scratch,
				 .most = most };

	if (!mib_count(writer.view.mib))
		return false;
	writer.start = writer.at = writer.fits = room + FASTPATH_HEAD;
	writer.limit = writer.start + most;
	writer.fitting = most - SNMP_HEADERS - request->community.size;
	return (request->pdu == PDU_GETBULK ? answer_bulk(&writer, request)
					    : answer_each(&writer, request)) &&
	       finish(&writer, request, answer);
}

static void tell(struct device *device, const struct datagram *in, const struct snmp_caller *by,
		 const struct request *request)
{
	struct snmp_message message;

	if (!device->host->tap || !snmp_message_parse(in->data, in->size, &message))
		return;
	snmp_tell_request(device, in,
			  &(struct snmp_told){ .version = request->version,
					       .by = by,
					       .community = request->community,
					       .pdu = request->pdu,
					       .request = request->id,
					       .oids = snmp_message_oids(&message) });
}

static bool may_ask(const struct device *device, const struct request *request)
{
	return !device->v3_only && request->community.size == device->community_size &&
	       !memcmp(request->community.data, device->community, device->community_size);
}

bool fastpath_answer(struct device *device, const struct datagram *in, const struct snmp_caller *by,
		     uint8_t room[FASTPATH_ROOM], struct span *answer)
{
	struct request request;

	if (device->faults || !read_request(in, &request) || (!by && !may_ask(device, &request)) ||
	    !write_answer(device, &request, by ? by->room : SNMP_ANSWER_MAX, room, answer))
		return false;
	tell(device, in, by, &request);
	return true;
}
