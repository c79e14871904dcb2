/* judge.h: (scenario, requirements, evidence) -> findings. Pure: no clock, no agent, no simulator;
 * live and offline the same. */
#ifndef CONFORMANCE_JUDGE_H
#define CONFORMANCE_JUDGE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "conformance/binding.h"
#include "conformance/evidence.h"
#include "conformance/match.h"
#include "conformance/requirement.h"
#include "conformance/verdict.h"

/* What the agent was seen to do: without it nothing about it can be shown. */
struct activity {
	size_t collections;                    /* requests to designated printers or the panel */
	size_t connections;                    /* TLS connections that were begun */
	size_t uploads;                        /* uploads that were stored */
	size_t first_collection, first_upload; /* journal lines, SIZE_MAX: none */
};

struct judge {
	const struct catalogue *catalogue;
	const struct binding *binding;
	const struct evidence *evidence;
	struct activity activity;
	json_t *findings; /* array, owned */
};

/* One finding. Texts are copied. Evidence: pairs of journal lines or frames, see below. */
enum { FINDING_EVIDENCE_MAX = 8 };
struct reference {
	bool frame; /* a frame of the capture; otherwise a line of the journal (from 1) */
	uint64_t number;
};
struct finding {
	const char *requirement; /* id */
	const char *rule;        /* "tls-only", "items", … */
	enum verdict verdict;
	const char *item;             /* data item it is about, NULL if none */
	const char *reason;           /* a sentence */
	bool standing;                /* of a standing rule: not about what a twin repairs */
	const char *expected, *found; /* NULL: not said */
	struct reference evidence[FINDING_EVIDENCE_MAX];
	size_t evidence_count;
};
void judge_add(struct judge *judge, const struct finding *finding);
void judge_refer(struct finding *finding, bool frame, uint64_t number); /* ignored when full */

/* Judges evidence that was read. Returns the scenario's result: id, title, purpose, agent, verdict,
 * seconds, covers, findings, timeline. Caller owns. */
json_t *judge_evidence(const struct evidence *evidence, const struct catalogue *catalogue,
		       const struct binding *binding);

/* Worst verdict of findings; of none: inconclusive, because nothing was shown. */
enum verdict judge_worst(const json_t *findings);

/* ---- what expectations and rules ask of the evidence ---- */

/* Time window of an expectation in nanoseconds since the start. */
struct window {
	int64_t from, until;
};

/* since: label of a step (its beginning) or NULL: the start; until: likewise or NULL: the end.
 * false if a labelled step was not reached. */
bool judge_window(const struct judge *judge, const char *since, const char *until,
		  struct window *window);

/* First observation from index on that matches, within the window; SIZE_MAX if none. */
size_t judge_find(const struct judge *judge, const struct match *match, const struct window *window,
		  size_t from);
const json_t *judge_line(const struct judge *judge, size_t index);

/* First "fault.reached" of a fault, the witness that it met the agent; SIZE_MAX if none. */
size_t judge_fault_reached(const struct judge *judge, const char *fault);

/* The same finding for every requirement of the expectation. */
void judge_add_each(struct judge *judge, const struct expectation *expectation,
		    struct finding *finding);

/* The standing rules, which hold in every scenario (rules.c). */
void judge_standing_rules(struct judge *judge);

#endif
