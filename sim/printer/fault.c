#include "sim/printer/fault.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/ipv4.h"
#include "base/json.h"
#include "sim/printer/device.h"
#include "sim/printer/draft.h"
#include "sim/printer/late.h"

enum { DID_MAX = 1024, MS = 1000000 };

struct fault {
	struct fault *next; /* in the order of the table */
	const struct fault_kind *kind;
	json_t *with;
	struct oid *below;    /* of the parameter oid; NULL: any name */
	uint64_t from, until; /* loop time, ns */
	uint64_t count, every;
	uint64_t looked, reached; /* answers it could have applied to, and did */
	struct late *late;
};

/* ---- arming ---- */

static void fault_free(struct fault *fault)
{
	json_decref(fault->with);
	late_free(fault->late);
	free(fault->below);
	free(fault);
}

static int read_oid(struct fault *fault, struct error *err)
{
	const char *text = json_text_of(fault->with, "oid", NULL);

	if (!text)
		return 0;
	fault->below = alloc_zero(1, sizeof(*fault->below));
	if (!oid_parse(text, fault->below) || fault->below->count < 2)
		return error_set(err, EINVAL,
				 "%s: found oid '%s', expected numbers with dots between them",
				 fault->kind->verb.name, text);
	return 0;
}

static int check_address(const struct fault *fault, struct error *err)
{
	const char *text = json_text_of(fault->with, "address", NULL);
	uint32_t address;

	if (!text || ipv4_parse(text, &address))
		return 0;
	return error_set(err, EINVAL, "%s: found address '%s', expected one of IPv4",
			 fault->kind->verb.name, text);
}

static struct fault *fault_new(struct device *device, const struct fault_kind *kind,
			       const json_t *with)
{
	struct fault *fault = alloc_zero(1, sizeof(*fault));
	uint64_t now = loop_now(device->host->loop);
	int64_t lasts = verb_duration(with, "for", 0);

	fault->kind = kind;
	fault->with = with ? json_deep_copy(with) : json_object();
	fault->from = now + (uint64_t)verb_duration(with, "from", 0) * MS;
	fault->until = lasts ? fault->from + (uint64_t)lasts * MS : UINT64_MAX;
	fault->count = (uint64_t)json_int_of(with, "count", INT64_MAX);
	fault->every = (uint64_t)json_int_of(with, "every", 1);
	if (kind->late)
		fault->late = late_new();
	return fault;
}

static void arm(struct device *device, struct fault *fault)
{
	struct fault **at = &device->faults;

	while (*at && (*at)->kind < fault->kind)
		at = &(*at)->next;
	fault->next = *at;
	if (*at && (*at)->kind == fault->kind) { /* armed anew */
		fault->next = (*at)->next;
		fault_free(*at);
	}
	*at = fault;
}

int device_fault(struct device *device, const char *name, const json_t *parameters,
		 struct error *err)
{
	const struct fault_kind *kind = (const struct fault_kind *)verb_find(&device_faults, name);

	if (!kind) {
		const char *nearest = verb_nearest(&device_faults, name);
		return error_set(err, EINVAL,
				 "found fault '%s', expected one of a printer's faults%s%s", name,
				 nearest ? ": did you mean " : "", nearest ? nearest : "");
	}
	int status = verb_check(&kind->verb, parameters, NULL, err);
	if (status < 0)
		return status;
	struct fault *fault = fault_new(device, kind, parameters);
	status = read_oid(fault, err);
	if (status == 0)
		status = check_address(fault, err);
	if (status < 0)
		fault_free(fault);
	else
		arm(device, fault);
	return status;
}

void device_fault_clear(struct device *device, const char *name)
{
	struct fault **at = &device->faults;

	while (*at) {
		struct fault *fault = *at;
		if (name && strcmp(fault->kind->verb.name, name) != 0) {
			at = &fault->next;
			continue;
		}
		*at = fault->next;
		fault_free(fault);
	}
}

/* ---- is it due? ---- */

static bool concerns(const struct fault_kind *kind, bool snmp)
{
	if (kind->silent || kind->late)
		return true;
	return snmp ? kind->draft || kind->snmp : kind->enpc != NULL;
}

static bool has_name_below(struct span bytes, const struct oid *top)
{
	struct snmp_message message;
	struct varbind varbind;

	if (!snmp_message_parse(bytes.data, bytes.size, &message))
		return false;
	for (size_t i = 0; i < message.varbind_count; i++)
		if (varbind_read(message.varbinds[i], &varbind) && varbind_below(&varbind, top))
			return true;
	return false;
}

/* One request, and what is to become of its answer; NULL: there is none yet. */
struct matter {
	struct device *device;
	const struct datagram *in;
	bool snmp;
	struct answer *answer;
};

static bool is_meant(const struct fault *fault, const struct matter *matter)
{
	const char *protocol = json_text_of(fault->with, "protocol", "both");

	if (!concerns(fault->kind, matter->snmp) ||
	    !strcmp(protocol, matter->snmp ? "enpc" : "snmp"))
		return false;
	if (!fault->below)
		return true;
	const struct span asked = { matter->in->data, matter->in->size };
	if (!matter->snmp || has_name_below(asked, fault->below))
		return matter->snmp;
	const struct answer *answer = matter->answer;
	return answer && has_name_below((struct span){ answer->bytes.data, answer->bytes.size },
					fault->below);
}

static bool is_due(struct fault *fault, const struct matter *matter)
{
	uint64_t now = loop_now(matter->device->host->loop);

	if (now < fault->from || now >= fault->until || fault->reached >= fault->count ||
	    !is_meant(fault, matter))
		return false;
	return ++fault->looked % fault->every == 0;
}

static void reached(struct fault *fault, struct device *device, const char *did)
{
	fault->reached++;
	device_seen(device, "fault.reached",
		    json_pack("{s:s,s:I,s:s}", "fault", fault->kind->verb.name, "count",
			      (json_int_t)fault->reached, "did", did));
}

/* ---- what it does ---- */

bool fault_swallows(struct device *device, const struct datagram *in, bool snmp)
{
	const struct matter matter = { device, in, snmp, NULL };

	for (struct fault *fault = device->faults; fault; fault = fault->next) {
		if (!fault->kind->silent || !is_due(fault, &matter))
			continue;
		reached(fault, device, "the request was swallowed");
		return true;
	}
	return false;
}

static bool spoil_by_draft(spoil_draft *spoil, const struct spoiling *spoiling,
			   struct answer *answer)
{
	struct draft draft;
	struct buf out;

	if (!draft_init(&draft, spoiling->request,
			(struct span){ answer->bytes.data, answer->bytes.size }))
		return false;
	buf_init(&out, SPOIL_DATAGRAM_MAX);
	bool done = spoil(spoiling, &draft);
	if (done)
		draft_write(&draft, &out);
	done = done && out.size && !out.failed;
	if (done) {
		struct buf before = answer->bytes;
		answer->bytes = out;
		out = before;
	}
	buf_done(&out);
	draft_done(&draft);
	return done;
}

/* The first time it is only kept; asked again, the old answer goes before the new one. */
static bool spoil_late(struct fault *fault, const struct matter *matter, struct buf *did)
{
	struct answer *answer = matter->answer;
	bool again = late_again(fault->late, matter->in, &answer->bytes, &answer->earlier);

	answer->lost = answer->lost || !again;
	buf_printf(did, "the answer to the first try, before that to the second");
	return again;
}

static bool apply(struct fault *fault, const struct matter *matter, struct buf *did)
{
	const struct fault_kind *kind = fault->kind;
	const struct spoiling spoiling = { .with = fault->with,
					   .request = { matter->in->data, matter->in->size },
					   .snmp = matter->snmp,
					   .below = fault->below,
					   .number = fault->looked - 1,
					   .did = did };

	if (kind->late)
		return spoil_late(fault, matter, did);
	if (matter->snmp && kind->draft)
		return spoil_by_draft(kind->draft, &spoiling, matter->answer);
	return (matter->snmp ? kind->snmp : kind->enpc)(&spoiling, matter->answer);
}

void fault_spoil(struct device *device, const struct datagram *in, bool snmp, struct answer *answer)
{
	const struct matter matter = { device, in, snmp, answer };
	struct buf did;

	buf_init(&did, DID_MAX);
	for (struct fault *fault = device->faults; fault && !answer->lost; fault = fault->next) {
		buf_clear(&did);
		if (fault->kind->silent || !is_due(fault, &matter))
			continue;
		if (apply(fault, &matter, &did))
			reached(fault, device, buf_text(&did));
	}
	buf_done(&did);
}
