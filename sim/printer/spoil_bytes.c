/* Wrongs of a datagram as bytes, SNMP or ENPC. */
#include <string.h>

#include "base/digest.h"
#include "base/json.h"
#include "sim/printer/mutate.h"
#include "sim/printer/spoil.h"

static uint64_t seed_of(const struct spoiling *spoiling)
{
	return mix64((uint64_t)json_int_of(spoiling->with, "seed", 1)) + spoiling->number;
}

static bool add_chance(struct buf *bytes, size_t count, uint64_t seed)
{
	for (size_t i = 0; i < count; i++)
		if (!buf_add_u8(bytes, (uint8_t)mix64(seed ^ i << 20)))
			return false;
	return true;
}

bool spoil_truncated(const struct spoiling *spoiling, struct answer *answer)
{
	size_t half = answer->bytes.size / 2;
	size_t bytes = (size_t)json_int_of(spoiling->with, "bytes", (json_int_t)half);

	if (bytes >= answer->bytes.size)
		return false;
	buf_printf(spoiling->did, "%zu of %zu bytes", bytes, answer->bytes.size);
	answer->bytes.size = bytes;
	return true;
}

bool spoil_trailing(const struct spoiling *spoiling, struct answer *answer)
{
	size_t bytes = (size_t)json_int_of(spoiling->with, "bytes", 16);

	answer->bytes.max = SPOIL_DATAGRAM_MAX;
	if (answer->bytes.size + bytes > SPOIL_DATAGRAM_MAX ||
	    !add_chance(&answer->bytes, bytes, seed_of(spoiling)))
		return false;
	buf_printf(spoiling->did, "%zu bytes behind the end", bytes);
	return true;
}

bool spoil_empty(const struct spoiling *spoiling, struct answer *answer)
{
	buf_printf(spoiling->did, "no byte of %zu", answer->bytes.size);
	bool had = answer->bytes.size > 0;
	answer->bytes.size = 0;
	return had;
}

bool spoil_garbage(const struct spoiling *spoiling, struct answer *answer)
{
	size_t own = answer->bytes.size;
	size_t bytes = (size_t)json_int_of(spoiling->with, "bytes", (json_int_t)own);

	buf_clear(&answer->bytes);
	answer->bytes.max = SPOIL_DATAGRAM_MAX;
	if (!add_chance(&answer->bytes, bytes, seed_of(spoiling)))
		return false;
	buf_printf(spoiling->did, "%zu bytes of chance", bytes);
	return true;
}

/* Whether an answer is hit, and how, depends on the seed and the answer's number alone. */
bool spoil_mutated(const struct spoiling *spoiling, struct answer *answer)
{
	int64_t rate = json_int_of(spoiling->with, "rate", 100);
	int64_t changes = json_int_of(spoiling->with, "changes", 1);
	uint64_t seed = seed_of(spoiling);
	bool changed = false;

	if ((int64_t)(mix64(seed) % 100) >= rate)
		return false;
	answer->bytes.max = SPOIL_DATAGRAM_MAX;
	for (int64_t i = 0; i < changes; i++) {
		uint64_t part = mix64(seed ^ (uint64_t)i << 32);
		if (changed)
			buf_add_text(spoiling->did, ", ");
		if (spoiling->snmp ? mutate_ber(&answer->bytes, part, spoiling->did)
				   : mutate_bytes(&answer->bytes, part, spoiling->did))
			changed = true;
	}
	return changed;
}
