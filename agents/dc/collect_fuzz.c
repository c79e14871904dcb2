/* A printer that answers anything: the collection ends, and what it gives is whole. */
#include "agents/dc/collect.h"

#include <errno.h>
#include <stdlib.h>

#include "agents/dc/snmp_fake.h"
#include "agents/dc/table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* More questions than this and the printer keeps the agent busy for ever. */
enum { QUESTIONS_MAX = 40000 };

static const uint8_t *left;
static size_t left_size;
static bool over;

static uint8_t next_byte(void)
{
	if (!left_size)
		return 0;
	left_size--;
	return *left++;
}

static void choose_value(struct snmp_value *value)
{
	static const uint8_t status[] = { '@',  'B',  'D', 'C', ' ',  'S', 'T', '2',
					  '\r', '\n', 3,   0,   0x01, 1,   0x04 };
	uint8_t choice = next_byte();

	value->kind = (enum snmp_kind)(choice & 3);
	value->number = (int8_t)next_byte();
	value->data = left;
	value->size = choice >> 2 < left_size ? choice >> 2 : left_size;
	if (value->kind == SNMP_BYTES && choice & 0x80) {
		value->data = status;
		value->size = sizeof(status);
	}
}

static int answer(const struct fake_question *question, struct snmp_value *values, size_t *count)
{
	static const int errors[] = { -ETIMEDOUT, -EMSGSIZE, -EBADMSG, -EACCES };
	uint8_t choice = next_byte();

	if (choice > 250 || !left_size)
		return errors[choice & 3];
	*count = question->count ? question->count : (size_t)(choice % (question->most + 1));
	for (size_t i = 0; i < *count; i++) {
		values[i].oid = question->oids[question->count ? i : 0];
		choose_value(&values[i]);
		if (question->count)
			continue;
		if (values[i].oid.size % 2 || choice & 1)
			snmp_oid_add(&values[i].oid, next_byte());
		else
			values[i].oid.ids[values[i].oid.size - 1] += next_byte();
	}
	return 0;
}

static void done(void *arg, struct collected *collected)
{
	(void)arg;
	if (collected->status == 0 && !collected->record)
		abort();
	cJSON_Delete(collected->record);
	over = true;
}

static bool is_over(void *arg)
{
	(void)arg;
	if (fake_asked > QUESTIONS_MAX)
		abort();
	return over;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct loop *loop = loop_new_virtual(0);
	const struct snmp_options options = { .loop = loop, .address = 0x0a10000a, .version = 2 };

	left = data;
	left_size = size;
	fake_printer = answer;
	fake_asked = 0;
	over = false;
	collect_start(&options, false, done, NULL);
	if (!loop_run_until(loop, is_over, NULL, UINT64_MAX))
		abort();
	loop_free(loop);
	return 0;
}
