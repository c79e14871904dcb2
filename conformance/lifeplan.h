/* lifeplan.h: `day`, `timeline` and `triggers` of printers, as they stand in a file. */
#ifndef CONFORMANCE_LIFEPLAN_H
#define CONFORMANCE_LIFEPLAN_H

#include "base/form.h"
#include "sim/printer/life.h"

/* Zeroed; the first three are filled by the fields below, the rest by lifeplan_finish. */
struct lifeplan {
	struct day_plan day;
	struct form_list timeline, triggers;
	struct moment *moments; /* owned, as the timeline */
	struct trigger *pulled; /* owned, as the triggers */
};

/* The three rows of a form that has a struct lifeplan at an offset. */
#define LIFEPLAN_FIELDS(type, member)                                                              \
	{ "day", FIELD_FORM, offsetof(type, member.day), .form = &day_form,                        \
	  .help = "days of work: people print, change supplies, put right what jams" },            \
		{ "timeline", FIELD_LIST, offsetof(type, member.timeline),                         \
		  .form = &lifeplan_timeline_form,                                                 \
		  .help = "what happens at given times: at, do or fault, with" },                  \
	{                                                                                          \
		"triggers", FIELD_LIST, offsetof(type, member.triggers),                           \
			.form = &lifeplan_triggers_form,                                           \
			.help = "what happens when something becomes so: when, do or fault, with"  \
	}
extern const struct form lifeplan_timeline_form, lifeplan_triggers_form;

/* After form_load; node is the map that the three stand in. -EINVAL at the place of the mistake. */
int lifeplan_finish(struct lifeplan *plan, const struct yaml *node, struct error *err);
/* Does the printer model have what the triggers speak of? profile is the path of its file. */
int lifeplan_fits(const struct lifeplan *plan, const struct yaml *node, const char *profile,
		  struct error *err);
/* The finished part; what the fields filled is form_done's. */
void lifeplan_done(struct lifeplan *plan);

bool lifeplan_is_empty(const struct lifeplan *plan);
struct life_plan lifeplan_of(const struct lifeplan *plan); /* borrowed */

#endif
