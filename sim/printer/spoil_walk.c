/* Wrongs that walks fall into: RFC 3416, 4.2.2 and 4.2.3, promise that names grow, and a table
 * ends. The unit of both is a run: the names that answer one name of a GETNEXT or GETBULK. */
#include <string.h>

#include "base/json.h"
#include "sim/printer/draft.h"
#include "sim/printer/spoil.h"

struct run {
	const struct spoiling *spoiling;
	struct draft *draft;
	struct oid before; /* the name that the next one must be greater than */
	struct oid column; /* what rows of this table begin with */
	bool in_row;       /* before is a row of it, not the column itself */
	struct span value; /* of the last true row; data NULL: none yet */
	uint8_t tag;
	size_t changed;
};

typedef void run_step(struct run *run, struct varbind *varbind, const struct oid *name);

const char *const spoil_directions[] = { "same", "back", "loop", NULL };

static bool is_exception(uint8_t tag)
{
	return tag >= 0x80 && tag <= 0x82;
}

static void rename_to(struct run *run, struct varbind *varbind, const struct oid *name)
{
	varbind->name = draft_name(run->draft, name);
	run->changed++;
}

/* Did the walk leave its table with this name? */
static bool leaves(const struct run *run, const struct varbind *varbind, const struct oid *name)
{
	return is_exception(varbind->tag) || !oid_below(name->id, name->count, &run->column);
}

/* ---- names that do not grow ---- */

static void step_same(struct run *run, struct varbind *varbind, const struct oid *name)
{
	if (run->in_row && !leaves(run, varbind, name))
		rename_to(run, varbind, &run->before);
}

static void step_back(struct run *run, struct varbind *varbind, const struct oid *name)
{
	struct oid lower = run->before;

	if (!run->in_row || leaves(run, varbind, name) || !lower.id[lower.count - 1])
		return;
	lower.id[lower.count - 1]--;
	rename_to(run, varbind, &lower);
}

/* Behind the last row, the first again. */
static void step_loop(struct run *run, struct varbind *varbind, const struct oid *name)
{
	struct oid first = run->before;

	if (!run->in_row || !leaves(run, varbind, name))
		return;
	first.id[first.count - 1] = 1;
	if (is_exception(varbind->tag))
		*varbind = (struct varbind){ .tag = BER_INTEGER,
					     .value = draft_number(run->draft, 1) };
	rename_to(run, varbind, &first);
}

/* ---- a table without end ---- */

/* Behind the last row, one more, with the value of the one before as far as that is known here. */
static void step_endless(struct run *run, struct varbind *varbind, const struct oid *name)
{
	struct oid next = run->before;

	if (!leaves(run, varbind, name)) {
		run->value = varbind->value;
		run->tag = varbind->tag;
		return;
	}
	if (!run->in_row)
		return;
	next.id[next.count - 1]++;
	if (run->value.data)
		*varbind = (struct varbind){ .tag = run->tag, .value = run->value };
	else if (is_exception(varbind->tag))
		*varbind = (struct varbind){ .tag = BER_INTEGER,
					     .value = draft_number(run->draft, 1) };
	rename_to(run, varbind, &next);
}

/* ---- runs ---- */

/* A column was asked for if what answers stands below its name; else a row was, whose name ends
 * with the row's number. */
static bool begin(struct run *run, const struct varbind *asked, const struct varbind *first)
{
	struct oid name;

	if (!varbind_below(asked, run->spoiling->below) || !ber_oid(asked->name, &run->before) ||
	    !ber_oid(first->name, &name))
		return false;
	run->column = run->before;
	run->in_row = !oid_below(name.id, name.count, &run->before);
	if (run->in_row)
		run->column.count--;
	run->value.data = NULL;
	return run->column.count > 1;
}

static void follow(struct run *run, size_t first, size_t apart, run_step *step)
{
	struct oid name;

	for (size_t i = first; i < run->draft->count; i += apart) {
		struct varbind *varbind = &run->draft->varbinds[i];
		if (!ber_oid(varbind->name, &name))
			return;
		step(run, varbind, &name);
		if (!ber_oid(varbind->name, &run->before))
			return;
		if (!run->in_row) {
			run->in_row = true;
			run->column = run->before;
			run->column.count--;
		}
	}
}

/* RFC 3416, 4.2.3: first one for each non-repeater, then the repeaters in turns. */
static size_t walk(const struct spoiling *spoiling, struct draft *draft, run_step *step)
{
	struct run run = { .spoiling = spoiling, .draft = draft };
	const struct snmp_message *asked = &draft->asked;
	bool bulk = asked->pdu == PDU_GETBULK;
	int64_t once = bulk ? ber_integer(asked->error_status) : INT64_MAX;
	size_t names = asked->varbind_count;

	if ((!bulk && asked->pdu != PDU_GETNEXT) || ber_integer(draft->message.error_status))
		return 0;
	for (size_t i = 0; i < names && i < draft->count; i++) {
		struct varbind varbind;
		size_t turn = names - (once > 0 ? (size_t)once : 0);
		size_t apart = (int64_t)i < once ? SNMP_VARBINDS_MAX : turn;
		if (varbind_read(asked->varbinds[i], &varbind) &&
		    begin(&run, &varbind, &draft->varbinds[i]))
			follow(&run, i, apart, step);
	}
	return run.changed;
}

bool spoil_non_increasing(const struct spoiling *spoiling, struct draft *draft)
{
	static run_step *const steps[] = { step_same, step_back, step_loop };
	const char *name = json_text_of(spoiling->with, "to", spoil_directions[0]);
	size_t i = 0;

	while (strcmp(spoil_directions[i], name) != 0)
		i++;
	size_t changed = walk(spoiling, draft, steps[i]);
	buf_printf(spoiling->did, "%zu names that do not grow", changed);
	return changed > 0;
}

bool spoil_endless(const struct spoiling *spoiling, struct draft *draft)
{
	size_t changed = walk(spoiling, draft, step_endless);
	buf_printf(spoiling->did, "%zu rows behind the end of a table", changed);
	return changed > 0;
}
