#include "sim/world/dnsfault.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "sim/world/world.h"

enum {
	HEADER = 12,
	FLAGS_AT = 2,
	CODE_AT = 3,
	COUNT_AT = 6, /* of answers */
	ROW_SIZE = 16,
	FLAG_TRUNCATED = 0x02, /* in the byte at FLAGS_AT */
	CODE_MASK = 0x0f,
	CODE_SERVER = 2,
	CODE_NAME = 3,
	CODE_REFUSED = 5,
	MISSING_BYTES = 7, /* of an answer that ends early */
	COUNT_MAX = 1000000,
};

/* An answer in hand. */
struct answer {
	uint8_t *bytes;
	size_t size;
	struct resolver_seen *seen;
};

struct kind {
	const char *name, *does;
	void (*bend)(struct answer *answer);
	bool of_address; /* only where there is one */
};

struct dnsfault {
	struct tap *tap;
	const struct kind *kind; /* NULL: none */
	const struct kind *bent; /* the last answer was */
	char name[RESOLVER_NAME_MAX];
	int64_t left;
};

/* RFC 1035 4.1.1 */
static void drop_rows(struct answer *answer)
{
	if (answer->seen->answered)
		answer->size -= ROW_SIZE;
	put_be16(answer->bytes + COUNT_AT, 0);
	answer->seen->answered = false;
}

static void say(struct answer *answer, uint8_t code)
{
	drop_rows(answer);
	answer->bytes[CODE_AT] = (uint8_t)((answer->bytes[CODE_AT] & ~CODE_MASK) | code);
}

static void say_no_name(struct answer *answer)
{
	say(answer, CODE_NAME);
}

static void say_failure(struct answer *answer)
{
	say(answer, CODE_SERVER);
}

static void say_refused(struct answer *answer)
{
	say(answer, CODE_REFUSED);
}

static void say_nothing(struct answer *answer)
{
	drop_rows(answer);
	answer->size = 0;
}

static void mark_truncated(struct answer *answer)
{
	drop_rows(answer);
	answer->bytes[FLAGS_AT] |= FLAG_TRUNCATED;
}

static void cut(struct answer *answer)
{
	answer->size -= MISSING_BYTES;
	answer->seen->answered = false;
}

static void change_id(struct answer *answer)
{
	answer->bytes[0] ^= 0xff;
	answer->seen->answered = false;
}

static void change_name(struct answer *answer)
{
	answer->bytes[HEADER + 1] ^= 1; /* the first letter of the question */
	answer->seen->answered = false;
}

static void point_home(struct answer *answer)
{
	answer->seen->address = INADDR_LOOPBACK;
	put_be32(answer->bytes + answer->size - sizeof(uint32_t), INADDR_LOOPBACK);
}

/* clang-format off */
static const struct kind kinds[] = {
	{ "nxdomain", "the name does not exist", say_no_name },
	{ "servfail", "the server cannot tell", say_failure },
	{ "refused", "the server does not want to tell", say_refused },
	{ "silent", "no answer", say_nothing },
	{ "empty", "no error and no address", drop_rows },
	{ "truncated", "no address, and a mark that TCP would tell more", mark_truncated },
	{ "cut", "an answer that ends early", cut, .of_address = true },
	{ "other-id", "an answer to another question's number", change_id },
	{ "other-name", "an answer about another name", change_name },
	{ "loopback", "the address 127.0.0.1", point_home, .of_address = true },
};
/* clang-format on */

static const char *const kind_names[] = {
	"nxdomain", "servfail", "refused",    "silent",   "empty", "truncated",
	"cut",      "other-id", "other-name", "loopback", NULL,
};
_Static_assert(COUNT_OF(kind_names) == COUNT_OF(kinds) + 1, "a kind without a name");

static const struct parameter parameters_of_answer[] = {
	{ "kind", PARAMETER_NAME, true, 0, 0, kind_names, "what it says" },
	{ "name", PARAMETER_TEXT, false, 0, 0, NULL, "only when asked for this name" },
	{ "count", PARAMETER_INT, false, 1, COUNT_MAX, NULL, "answers; default: all" },
	{ .name = NULL },
};

static const struct verb verbs[] = {
	{ "dns.answer", "the name server does not tell the truth", parameters_of_answer },
};

const struct verb_list dns_faults = VERB_LIST(verbs);

struct dnsfault *dnsfault_new(struct tap *tap)
{
	struct dnsfault *fault = alloc_zero(1, sizeof(*fault));
	fault->tap = tap;
	return fault;
}

void dnsfault_free(struct dnsfault *fault)
{
	free(fault);
}

int dnsfault_set(struct dnsfault *fault, const json_t *parameters, struct error *err)
{
	int code = verb_check(&verbs[0], parameters, NULL, err);
	if (code < 0)
		return code;
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (!strcmp(kinds[i].name, json_text_of(parameters, "kind", "")))
			fault->kind = &kinds[i];
	fault->left = json_int_of(parameters, "count", COUNT_MAX);
	snprintf(fault->name, sizeof(fault->name), "%s", json_text_of(parameters, "name", ""));
	return 0;
}

void dnsfault_clear(struct dnsfault *fault, const char *name)
{
	if (!name || !strcmp(name, verbs[0].name))
		fault->kind = NULL;
}

static bool is_due(const struct dnsfault *fault, const struct resolver_seen *seen)
{
	const struct kind *kind = fault->kind;

	return kind && fault->left && seen->name[0] && (seen->answered || !kind->of_address) &&
	       (!fault->name[0] || !strcasecmp(fault->name, seen->name));
}

size_t dnsfault_bend(struct dnsfault *fault, uint8_t *answer, size_t size,
		     struct resolver_seen *seen)
{
	struct answer bent = { .bytes = answer, .size = size, .seen = seen };

	fault->bent = NULL;
	if (!size || !is_due(fault, seen))
		return size;
	fault->left--;
	fault->bent = fault->kind;
	fault->kind->bend(&bent);
	return bent.size;
}

void dnsfault_tell(struct dnsfault *fault, const struct resolver_seen *seen)
{
	if (!fault->bent)
		return;
	tap_seen(fault->tap, "fault.reached",
		 json_pack("{s:s, s:o, s:s}", "fault", verbs[0].name, "name",
			   json_lossy_text(seen->name, strlen(seen->name)), "done",
			   fault->bent->does));
	fault->bent = NULL;
}
