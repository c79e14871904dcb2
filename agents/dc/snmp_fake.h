/* snmp_fake.h: a printer that a test plays, in the place of agents/common/snmp.c: what is asked
 * comes to a function of the test. For programs that link no other user of that file. */
#ifndef AGENTS_DC_SNMP_FAKE_H
#define AGENTS_DC_SNMP_FAKE_H

#include <string.h>

#include "agents/common/snmp.h"
#include "base/buf.h"

enum { FAKE_VALUES_MAX = 64 };

struct fake_question {
	struct fake_question *next;
	struct timer *timer;
	struct snmp_oid oids[SNMP_GET_MAX];
	size_t count; /* of a GET; 0: what follows oids[0] */
	int most;
	snmp_done *done;
	void *arg;
};

/* Fills in values and their count; returns the status. */
typedef int fake_answer(const struct fake_question *question, struct snmp_value *values,
			size_t *count);

static fake_answer *fake_printer;
static size_t fake_asked; /* questions so far */

struct snmp_peer {
	struct loop *loop;
	struct fake_question *questions;
};

void snmp_oid_add(struct snmp_oid *oid, uint32_t id)
{
	if (oid->size < SNMP_IDS_MAX)
		oid->ids[oid->size++] = id;
}

bool snmp_oid_below(const struct snmp_oid *oid, const struct snmp_oid *prefix)
{
	return oid->size > prefix->size &&
	       memcmp(oid->ids, prefix->ids, prefix->size * sizeof(oid->ids[0])) == 0;
}

bool snmp_oid_equal(const struct snmp_oid *a, const struct snmp_oid *b)
{
	return a->size == b->size && memcmp(a->ids, b->ids, a->size * sizeof(a->ids[0])) == 0;
}

struct snmp_peer *snmp_peer_new(const struct snmp_options *options, struct error *err)
{
	struct snmp_peer *peer = alloc_zero(1, sizeof(*peer));

	(void)err;
	peer->loop = options->loop;
	return peer;
}

static void fake_forget(struct fake_question *question)
{
	timer_free(question->timer);
	free(question);
}

void snmp_peer_free(struct snmp_peer *peer)
{
	while (peer && peer->questions) {
		struct fake_question *question = peer->questions;
		peer->questions = question->next;
		fake_forget(question);
	}
	free(peer);
}

/* The oldest question is answered: each has a timer, and they are due in their order. */
static void fake_due(void *arg)
{
	struct snmp_peer *peer = arg;
	struct fake_question *question = peer->questions;
	struct snmp_value values[FAKE_VALUES_MAX];
	size_t count = 0;

	peer->questions = question->next;
	fake_asked++;
	int status = fake_printer(question, values, &count);
	question->done(question->arg, status, values, status < 0 ? 0 : count);
	fake_forget(question);
}

static int fake_ask(struct snmp_peer *peer, const struct fake_question *asked)
{
	struct fake_question **end = &peer->questions;
	struct fake_question *question = alloc_zero(1, sizeof(*question));

	*question = *asked;
	question->timer = timer_new(peer->loop, fake_due, peer);
	while (*end)
		end = &(*end)->next;
	*end = question;
	timer_in(question->timer, 0);
	return 0;
}

int snmp_get(struct snmp_peer *peer, const struct snmp_oid *oids, size_t count, snmp_done *done,
	     void *arg)
{
	struct fake_question question = { .count = count, .done = done, .arg = arg };

	memcpy(question.oids, oids, count * sizeof(*oids));
	return fake_ask(peer, &question);
}

int snmp_next(struct snmp_peer *peer, const struct snmp_oid *after, int most, snmp_done *done,
	      void *arg)
{
	return fake_ask(peer, &(struct fake_question){
				      .oids = { *after }, .most = most, .done = done, .arg = arg });
}

#endif
