#include "sim/printer/trap_message.h"

#include <assert.h>
#include <string.h>

#include "base/buf.h"
#include "sim/printer/mib.h"
#include "sim/printer/snmp_message.h"

static uint8_t *push_oid(uint8_t *at, const struct oid *oid)
{
	size_t size = ber_oid_size(oid->id, oid->count);
	at -= size;
	ber_put_oid(at, oid->id, oid->count);
	return ber_push(at, BER_OID, size);
}

/* A varbind whose value stands already. */
static uint8_t *push_name(uint8_t *at, const struct oid *name, const uint8_t *end)
{
	at = push_oid(at, name);
	return ber_push(at, BER_SEQUENCE, (size_t)(end - at));
}

static uint8_t *push_objects(uint8_t *at, const struct trap_notice *notice)
{
	for (size_t i = notice->count; i-- > 0;) {
		const uint8_t *end = at;
		at = ber_push_number(at, BER_INTEGER, notice->objects[i].value);
		at = push_name(at, &notice->objects[i].name, end);
	}
	return at;
}

static struct oid known_oid(const char *text)
{
	struct oid oid;
	bool good = oid_parse(text, &oid);
	assert(good);
	(void)good;
	return oid;
}

uint8_t *trap_push_v2(const struct trap_notice *notice, uint8_t pdu, int64_t request, uint8_t *end)
{
	const struct oid uptime = known_oid("1.3.6.1.2.1.1.3.0");
	const struct oid trap = known_oid("1.3.6.1.6.3.1.1.4.1.0");
	uint8_t *at = push_objects(end, notice);
	const uint8_t *behind = at;

	at = push_name(push_oid(at, &notice->trap), &trap, behind);
	behind = at;
	at = push_name(ber_push_number(at, MIB_TICKS, notice->uptime), &uptime, behind);
	at = ber_push(at, BER_SEQUENCE, (size_t)(end - at));
	at = ber_push_number(at, BER_INTEGER, 0);
	at = ber_push_number(at, BER_INTEGER, 0);
	at = ber_push_number(at, BER_INTEGER, request);
	return ber_push(at, pdu, (size_t)(end - at));
}

/* RFC 3584, 3.2: the standard traps have numbers of their own and the sender's sysObjectID; others
 * the last number, and what is before it, but for a 0, as enterprise. */
static struct oid v1_names(const struct trap_notice *notice, int64_t *generic, int64_t *specific)
{
	enum { ENTERPRISE_SPECIFIC = 6 };
	static const uint32_t standard[] = { 1, 3, 6, 1, 6, 3, 1, 1, 5 }; /* snmpTraps */
	const size_t count = sizeof(standard) / sizeof(standard[0]);
	struct oid enterprise = notice->trap;
	uint32_t last = enterprise.id[--enterprise.count];

	*generic = ENTERPRISE_SPECIFIC;
	*specific = last;
	if (enterprise.count == count && !memcmp(enterprise.id, standard, sizeof(standard))) {
		*generic = (int64_t)last - 1;
		*specific = 0;
		return notice->system_id;
	}
	if (enterprise.id[enterprise.count - 1] == 0)
		enterprise.count--;
	return enterprise;
}

uint8_t *trap_push_v1(const struct trap_notice *notice, uint8_t *end)
{
	int64_t generic, specific;
	const struct oid enterprise = v1_names(notice, &generic, &specific);
	uint8_t address[4], *at = push_objects(end, notice);

	put_be32(address, notice->address);
	at = ber_push(at, BER_SEQUENCE, (size_t)(end - at));
	at = ber_push_number(at, MIB_TICKS, notice->uptime);
	at = ber_push_number(at, BER_INTEGER, specific);
	at = ber_push_number(at, BER_INTEGER, generic);
	at = ber_push_bytes(at, MIB_ADDRESS, (struct span){ address, sizeof(address) });
	at = push_oid(at, &enterprise);
	return ber_push(at, PDU_TRAP_V1, (size_t)(end - at));
}

uint8_t *trap_push_community(int64_t version, const char *community, uint8_t *pdu, uint8_t *end)
{
	const struct span bytes = { (const uint8_t *)community, strlen(community) };
	uint8_t *at = ber_push_bytes(pdu, BER_OCTETS, bytes);

	at = ber_push_number(at, BER_INTEGER, version);
	return ber_push(at, BER_SEQUENCE, (size_t)(end - at));
}
