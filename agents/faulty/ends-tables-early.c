/* ends-tables-early: takes a row that does not follow the last one for the end of the table. Stands
 * before snmp_next. */
#include "agents/common/snmp.h"

#include <stdlib.h>

#include "base/buf.h"

/* The linker (--wrap) puts the second in the place of the first. */
int __real_snmp_next(struct snmp_peer *session, const struct snmp_oid *after, int most,
		     snmp_done *done, void *arg);
int __wrap_snmp_next(struct snmp_peer *session, const struct snmp_oid *after, int most,
		     snmp_done *done, void *arg);

struct step {
	struct snmp_oid after;
	snmp_done *done;
	void *arg;
};

static bool follows(const struct snmp_oid *oid, const struct snmp_oid *last)
{
	for (size_t i = 0; i < oid->size && i < last->size; i++)
		if (oid->ids[i] != last->ids[i])
			return oid->ids[i] > last->ids[i];
	return oid->size > last->size;
}

static void answered(void *arg, int status, const struct snmp_value *values, size_t count)
{
	struct step *step = arg;
	size_t good = 0;

	while (good < count &&
	       follows(&values[good].oid, good ? &values[good - 1].oid : &step->after))
		good++;
	step->done(step->arg, status, values, good);
	free(step);
}

int __wrap_snmp_next(struct snmp_peer *session, const struct snmp_oid *after, int most,
		     snmp_done *done, void *arg)
{
	struct step *step = alloc_zero(1, sizeof(*step));

	*step = (struct step){ .after = *after, .done = done, .arg = arg };
	int status = __real_snmp_next(session, after, most, answered, step);
	if (status < 0)
		free(step);
	return status;
}
