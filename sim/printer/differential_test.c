#include "sim/printer/differential.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/test.h"

/* The same requests to the fast path and to net-snmp: no byte and no observation may differ. The
 * seed is printed; ECSP_SEED=… repeats a run, ECSP_REQUESTS=… sets its length. */

#ifdef __SANITIZE_ADDRESS__
enum { REQUESTS = 40000 }; /* sanitized, net-snmp takes its time */
#else
enum { REQUESTS = 100000 };
#endif

enum { CHANGE_EVERY = 400, ADDRESS = 0x0a10c80a };

/* ---- chance ---- */

static uint64_t state;

static uint64_t draw(void) /* splitmix64 */
{
	uint64_t z = state += 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static size_t below(size_t count)
{
	return (size_t)(draw() % count);
}

static bool percent(unsigned chance)
{
	return below(100) < chance;
}

/* Numbers of every magnitude, near the borders of their encodings. */
static int64_t some_number(void)
{
	int64_t number = (int64_t)(draw() >> (32 + below(32)));
	return percent(20) ? -number : number;
}

/* ---- odd but legal encodings ---- */

static void put_length(struct buf *out, size_t size)
{
	if (size < 0x80 && !percent(12)) {
		buf_add_u8(out, (uint8_t)size);
		return;
	}
	size_t least = size < 0x100 ? 1 : 2;
	size_t bytes = percent(85) ? least : least + below(5 - least);
	buf_add_u8(out, (uint8_t)(0x80 | bytes));
	while (bytes--)
		buf_add_u8(out, (uint8_t)(size >> bytes * 8));
}

static void put(struct buf *out, uint8_t tag, const void *data, size_t size)
{
	buf_add_u8(out, tag);
	put_length(out, size);
	buf_add(out, data, size);
}

static void put_number(struct buf *out, int64_t number)
{
	uint8_t bytes[BER_NUMBER_MAX + 3], *at = bytes;
	size_t pad = percent(6) ? 1 + below(3) : 0;

	while (pad--)
		*at++ = number < 0 ? 0xff : 0x00;
	at = ber_put_number(at, number);
	put(out, BER_INTEGER, bytes, (size_t)(at - bytes));
}

/* ---- names ---- */

static struct oid near_entry(struct device *device)
{
	const struct mib_view view = device_view(device);
	size_t count = mib_count(view.mib), at = below(count);

	if (percent(6))
		at = count - 1 - below(4);
	struct oid oid = mib_name(&view, mib_entry(view.mib, at));
	switch (below(10)) {
	case 0:
		oid.count -= 1 + below(3);
		break;
	case 1:
		oid.id[oid.count - 1] += percent(50) ? 1 : UINT32_MAX;
		break;
	case 2:
		oid_add(&oid, (uint32_t)(draw() >> below(64)));
		break;
	case 3:
		oid.id[2 + below(oid.count - 2)] = (uint32_t)(draw() >> (32 + below(32)));
		break;
	default:
		break;
	}
	return oid;
}

static struct oid any_name(void)
{
	struct oid oid = { .id = { 1, 3 }, .count = 2 };
	size_t count = percent(5) ? below(140) : below(8);

	if (percent(15)) {
		oid.id[0] = (uint32_t)below(3);
		oid.id[1] = (uint32_t)below(40);
	}
	for (size_t i = 0; i < count; i++)
		oid_add(&oid, (uint32_t)(draw() >> (32 + below(32))));
	return oid;
}

static void put_varbind(struct buf *out, const struct oid *oid)
{
	uint8_t name[OID_MAX * 5 + 1];
	struct buf content;

	buf_init(&content, 4096);
	uint8_t *at = name;
	if (percent(1))
		*at++ = 0x80; /* forbidden, yet seen */
	put(&content, BER_OID, name, (size_t)(ber_put_oid(at, oid->id, oid->count) - name));
	if (percent(97))
		put(&content, BER_NULL, NULL, 0);
	else if (percent(50))
		put_number(&content, some_number());
	else
		put(&content, BER_OCTETS, "value", 5);
	put(out, BER_SEQUENCE, content.data, content.size);
	buf_done(&content);
}

static void put_varbinds(struct buf *out, struct device *device)
{
	size_t count = percent(60) ? 1 : percent(85) ? below(7) : below(70);
	struct oid oid = near_entry(device);

	for (size_t i = 0; i < count; i++) {
		if (percent(8))
			oid = any_name();
		else if (!percent(10)) /* else the same again */
			oid = near_entry(device);
		put_varbind(out, &oid);
	}
}

/* ---- requests ---- */

static uint8_t some_pdu(void)
{
	if (percent(4))
		return (uint8_t)(0xa0 + below(10));
	return percent(35) ? PDU_GETBULK : percent(50) ? PDU_GET : PDU_GETNEXT;
}

static int64_t some_repetitions(void)
{
	if (percent(70))
		return (int64_t)below(30);
	return percent(80) ? (int64_t)below(400) : some_number();
}

static void put_pdu(struct buf *out, uint8_t pdu, struct device *device)
{
	struct buf list, content;

	buf_init(&list, 65536);
	buf_init(&content, 65536);
	put_varbinds(&list, device);
	put_number(&content, some_number());
	if (pdu == PDU_GETBULK) {
		put_number(&content, percent(80) ? 0 : percent(90) ? (int64_t)below(4) : -1);
		put_number(&content, some_repetitions());
	} else {
		put_number(&content, percent(95) ? 0 : some_number());
		put_number(&content, percent(95) ? 0 : some_number());
	}
	put(&content, BER_SEQUENCE, list.data, list.size);
	put(out, pdu, content.data, content.size);
	buf_done(&list);
	buf_done(&content);
}

static void spoil(struct buf *bytes)
{
	switch (below(3)) {
	case 0:
		bytes->data[below(bytes->size)] ^= (uint8_t)(1 << below(8));
		break;
	case 1:
		bytes->size -= below(bytes->size);
		break;
	default:
		buf_add_zero(bytes, 1 + below(4));
		break;
	}
}

static void put_request(struct buf *out, struct device *device)
{
	uint8_t pdu = some_pdu();
	struct buf body;

	buf_init(&body, 65536);
	put_number(&body, percent(98) ? !percent(pdu == PDU_GETBULK ? 3 : 30) : (int)below(5));
	if (percent(98))
		put(&body, BER_OCTETS, device->community, device->community_size);
	else
		put(&body, BER_OCTETS, "private", below(8));
	put_pdu(&body, pdu, device);
	put(out, BER_SEQUENCE, body.data, body.size);
	if (percent(2))
		spoil(out);
	buf_done(&body);
}

/* ---- printers ---- */

struct yard {
	struct ear ear;
	struct loop *loop;
	struct profile *profiles[3];
	struct fleet *fleet;
	struct device *devices[6];
};

static const char *const profiles[3] = { "sc-t-24", "sc-p-12", "decoy" };

/* Two of each model, so that one shares what was made for the other. */
static struct yard *yard_new(void)
{
	static const char *const names[6] = { "a", "b", "c", "d", "e", "f" };
	struct yard *yard = alloc_zero(1, sizeof(*yard));

	yard->ear = (struct ear){ { ear_seen }, json_array() };
	yard->loop = loop_new();
	yard->fleet =
		fleet_new(&(struct fleet_options){ .loop = yard->loop, .tap = &yard->ear.tap });
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		AUTO_FREE char *path =
			alloc_printf("sim/printer/profiles/%s.yaml", profiles[i % 3]);
		if (i < 3)
			yard->profiles[i] = profile_load(path, NULL);
		yard->devices[i] = fleet_add(
			yard->fleet,
			&(struct device_options){ .name = names[i],
						  .profile = yard->profiles[i % 3],
						  .address = ADDRESS + (uint32_t)i * 0x01010141u,
						  .community = i == 3 ? "longer community" : NULL,
						  .serial = i == 4 ? "S" : NULL },
			NULL);
		ck_assert_ptr_nonnull(yard->devices[i]);
	}
	return yard;
}

static void yard_free(struct yard *yard)
{
	fleet_free(yard->fleet);
	for (size_t i = 0; i < COUNT_OF(yard->profiles); i++)
		profile_free(yard->profiles[i]);
	loop_free(yard->loop);
	json_decref(yard->ear.heard);
	free(yard);
}

/* The first three stay as they came for a while, then everybody changes. */
static void change_something(struct yard *yard, size_t request, size_t all)
{
	static const char *const actions[] = { "open-cover", "close-cover", "paper-out", "jam",
					       "clear-jam",  "pause",       "resume",    "sleep",
					       "wake",       "job",         "clean" };
	bool anybody = request > all / 2;
	struct device *device = yard->devices[anybody ? below(6) : 3 + below(3)];

	loop_turn(yard->loop, false);
	if (percent(40))
		device_do(device, actions[below(COUNT_OF(actions))], NULL, NULL);
	json_t *ink = json_pack("{s:s,s:i}", "color", "K", "level", (int)below(101));
	device_do(device, "ink", ink, NULL);
	json_decref(ink);
}

static void show(const char *what, const uint8_t *data, size_t size)
{
	fprintf(stderr, "%s:", what);
	for (size_t i = 0; i < size; i++)
		fprintf(stderr, "%02x", data[i]);
	fprintf(stderr, "\n");
}

static uint64_t setting(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);
	return text ? strtoull(text, NULL, 0) : otherwise;
}

START_TEST(the_fast_path_gives_the_bytes_of_net_snmp)
{
	const uint64_t seed = setting("ECSP_SEED", 20261122);
	const size_t requests = (size_t)setting("ECSP_REQUESTS", REQUESTS);
	struct yard *yard = yard_new();
	struct both both;
	struct snmp_caller caller = { .level = "authPriv" };
	struct buf request;
	size_t taken = 0, different = 0;

	printf("seed %" PRIu64 ", %zu requests\n", seed, requests);
	state = seed;
	buf_init(&request, 65507);
	buf_init(&both.slow, 65507);
	for (size_t i = 0; i < requests && different < 5; i++) {
		struct device *device = yard->devices[below(6)];
		if (i % CHANGE_EVERY == CHANGE_EVERY - 1)
			change_something(yard, i, requests);
		/* By community, or opened from a v3 message, for an asker who takes less. */
		caller.room = 200 + below(SNMP_ANSWER_MAX - 200);
		both.by = percent(25) ? &caller : NULL;
		buf_clear(&request);
		put_request(&request, device);
		const struct datagram in = { .from = 0x0a000005,
					     .from_port = 40000,
					     .to = device->address,
					     .to_port = 161,
					     .data = request.data,
					     .size = request.size };
		bool same = both_answer(device, &yard->ear, &in, &both);
		taken += both.taken;
		if (same)
			continue;
		different++;
		fprintf(stderr, "request %zu to %s differs\n", i, device->name);
		show("request", request.data, request.size);
		show("net-snmp", both.slow.data, both.slow.size);
		show("fast", both.fast.data, both.taken ? both.fast.size : 0);
	}
	printf("%zu of them by the fast path\n", taken);
	buf_done(&request);
	buf_done(&both.slow);
	yard_free(yard);
	ck_assert_uint_eq(different, 0);
	ck_assert_uint_gt(taken * 2, requests); /* else it proves nothing */
}
END_TEST

TEST_MAIN("sim.printer.differential", the_fast_path_gives_the_bytes_of_net_snmp)
