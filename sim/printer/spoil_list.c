/* Wrongs of the list of varbinds (RFC 3416, 4.2: a response names what was asked, in its order). */
#include <string.h>

#include "sim/printer/draft.h"
#include "sim/printer/spoil.h"

/* Without a prefix, the last one. */
bool spoil_missing(const struct spoiling *spoiling, struct draft *draft)
{
	size_t kept = 0, before = draft->count;

	if (!spoiling->below && draft->count)
		kept = --draft->count;
	for (size_t i = 0; spoiling->below && i < before; i++)
		if (!varbind_below(&draft->varbinds[i], spoiling->below))
			draft->varbinds[kept++] = draft->varbinds[i];
	draft->count = kept;
	buf_printf(spoiling->did, "%zu of %zu varbinds left out", before - kept, before);
	return kept < before;
}

/* Something below the last name, which nobody can have asked for. */
bool spoil_extra(const struct spoiling *spoiling, struct draft *draft)
{
	struct oid name = { .id = { 1, 3, 6, 1, 2, 1, 1, 1, 0 }, .count = 9 };

	if (draft->count == SNMP_VARBINDS_MAX)
		return false;
	if (draft->count && !ber_oid(draft->varbinds[draft->count - 1].name, &name))
		return false;
	if (!oid_add(&name, 4242))
		return false;
	draft->varbinds[draft->count++] =
		(struct varbind){ draft_name(draft, &name), BER_INTEGER, draft_number(draft, 42) };
	buf_printf(spoiling->did, "one varbind more");
	return true;
}

bool spoil_reordered(const struct spoiling *spoiling, struct draft *draft)
{
	for (size_t i = 0; i < draft->count / 2; i++) {
		struct varbind *a = &draft->varbinds[i];
		struct varbind *b = &draft->varbinds[draft->count - 1 - i];
		struct varbind kept = *a;
		*a = *b;
		*b = kept;
	}
	buf_printf(spoiling->did, "%zu varbinds in reverse order", draft->count);
	return draft->count > 1;
}

/* The last number of a name is one more: the name of a neighbour. */
bool spoil_renamed(const struct spoiling *spoiling, struct draft *draft)
{
	size_t renamed = 0;

	for (size_t i = 0; i < draft->count; i++) {
		struct oid name;
		if (!varbind_below(&draft->varbinds[i], spoiling->below) ||
		    !ber_oid(draft->varbinds[i].name, &name))
			continue;
		name.id[name.count - 1]++;
		draft->varbinds[i].name = draft_name(draft, &name);
		renamed++;
	}
	buf_printf(spoiling->did, "%zu varbinds under the name of a neighbour", renamed);
	return renamed > 0;
}

bool spoil_none(const struct spoiling *spoiling, struct draft *draft)
{
	buf_printf(spoiling->did, "all %zu varbinds left out", draft->count);
	if (!draft->count)
		return false;
	draft->count = 0;
	return true;
}
