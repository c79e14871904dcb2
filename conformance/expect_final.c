/* final: what was refused for good is not sent again: the idempotency key of a request that was
 * answered 4xx never comes back. 408 and 429 are about the moment; 401, 403 and 409 about the
 * agent, who may be let in again. */
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
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

static bool is_final(int64_t status)
{
	static const int passing[] = { 401, 403, 408, 409, 429 };
	for (size_t i = 0; i < COUNT_OF(passing); i++)
		if (status == passing[i])
			return false;
	return status >= 400 && status < 500;
}

static const char *key_of(const json_t *line)
{
	return json_text_of(json_object_get(line, "headers"), "idempotency-key", NULL);
}

/* The request that a response on this connection answers: the last one before it. */
static const json_t *answered(const struct judge *judge, size_t response)
{
	int64_t connection = json_int_of(judge_line(judge, response), "connection", -1);
	for (size_t i = response; i-- > 0;) {
		const json_t *line = judge_line(judge, i);
		if (!strcmp(json_text_of(line, "kind", ""), "http.request") &&
		    json_int_of(line, "connection", -2) == connection)
			return line;
	}
	return NULL;
}

static size_t comes_again(const struct judge *judge, size_t after, const char *key)
{
	static const struct match request = { .kind = "http.request" };
	for (size_t i = judge_find(judge, &request, NULL, after + 1); i != SIZE_MAX;
	     i = judge_find(judge, &request, NULL, i + 1)) {
		const char *other = key_of(judge_line(judge, i));
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
		if (!is_final(json_int_of(judge_line(judge, i), "status", 0)))
			continue;
		const json_t *request = answered(judge, i);
		const char *key = request ? key_of(request) : NULL;
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
