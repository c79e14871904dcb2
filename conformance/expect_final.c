/* final: what was refused for good is not sent again: the idempotency key of a request that was
 * refused so never comes back. */
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "conformance/exchange.h"
#include "conformance/expect.h"
#include "conformance/names.h"

struct final {
	char *witness; /* fault that must have been reached */
};

static const struct field final_fields[] = {
	{ "witness", FIELD_TEXT, offsetof(struct final, witness), .required = true,
	  .help = "fault that must have been reached" },
	{ .name = NULL },
};
static const struct form final_form = { "a final refusal", sizeof(struct final), final_fields };

static size_t comes_again(const struct judge *judge, size_t after, const char *key)
{
	static const struct match request = { .kind = "http.request" };
	for (size_t i = judge_find(judge, &request, NULL, after + 1); i != SIZE_MAX;
	     i = judge_find(judge, &request, NULL, i + 1)) {
		const char *other = exchange_key(judge_line(judge, i));
		if (other && !strcmp(other, key))
			return i;
	}
	return SIZE_MAX;
}

/* How many refusals with a key there were; the first resend goes to *again. */
static size_t look(const struct judge *judge, struct finding *finding, size_t *again)
{
	static const struct match response = { .kind = "http.response" };
	size_t refusals = 0;

	*again = SIZE_MAX;
	for (size_t i = judge_find(judge, &response, NULL, 0); i != SIZE_MAX;
	     i = judge_find(judge, &response, NULL, i + 1)) {
		if (!exchange_is_final(json_int_of(judge_line(judge, i), "status", 0)))
			continue;
		const json_t *request = exchange_request(judge, i);
		const char *key = request ? exchange_key(request) : NULL;
		if (!key)
			continue;
		refusals++;
		judge_refer(finding, false, i + 1);
		if (*again == SIZE_MAX)
			*again = comes_again(judge, i, key);
	}
	return refusals;
}

static void judge_final(struct judge *judge, const struct expectation *expectation)
{
	const struct final *final = expectation->arguments;
	struct finding finding = { .rule = "final" };
	size_t again = SIZE_MAX;
	size_t refusals = 0;

	if (judge_fault_reached(judge, final->witness) != SIZE_MAX)
		refusals = look(judge, &finding, &again);
	if (again != SIZE_MAX)
		judge_refer(&finding, false, again + 1);
	finding.verdict = !refusals           ? VERDICT_INCONCLUSIVE
			  : again != SIZE_MAX ? VERDICT_FAIL
					      : VERDICT_PASS;
	finding.reason =
		!refusals ? "nothing that the agent sent was refused for good, so nothing is shown"
		: again != SIZE_MAX ? "the agent sent again what was refused for good"
				    : "what was refused for good did not come again";
	judge_add_each(judge, expectation, &finding);
}

static int check_final(const struct scope *scope, const struct expectation *expectation,
		       struct error *err)
{
	return names_witness(scope, yaml_get(names_of_expectation(expectation), "witness"), err);
}

const struct expect_kind expect_final = {
	.name = "final",
	.help = "what was refused for good is not sent again",
	.form = &final_form,
	.check = check_final,
	.judge = judge_final,
};
