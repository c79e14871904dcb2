#include "sim/printer/oid.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

bool oid_add(struct oid *oid, uint32_t id)
{
	if (oid->count == OID_MAX)
		return false;
	oid->id[oid->count++] = id;
	return true;
}

bool oid_parse(const char *text, struct oid *oid)
{
	oid->count = 0;
	for (;;) {
		char *end;
		if (*text < '0' || *text > '9')
			return false;
		errno = 0;
		unsigned long long id = strtoull(text, &end, 10);
		if (errno || id > UINT32_MAX || !oid_add(oid, (uint32_t)id))
			return false;
		if (!*end)
			return true;
		if (*end != '.')
			return false;
		text = end + 1;
	}
}

int oid_compare(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count)
{
	size_t shared = a_count < b_count ? a_count : b_count;
	for (size_t i = 0; i < shared; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return a_count == b_count ? 0 : a_count < b_count ? -1 : 1;
}

bool oid_below(const uint32_t *id, size_t count, const struct oid *top)
{
	return count > top->count && !memcmp(id, top->id, top->count * sizeof(*id));
}

const char *oid_format(const uint32_t *id, size_t count, char text[OID_TEXT_MAX])
{
	size_t at = 0;
	text[0] = '\0';
	for (size_t i = 0; i < count && at < OID_TEXT_MAX - 12; i++)
		at += (size_t)snprintf(text + at, OID_TEXT_MAX - at, i ? ".%u" : "%u", id[i]);
	return text;
}
