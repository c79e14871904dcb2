#include "conformance/selftest.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/test.h"
#include "conformance/data.h"
#include "conformance/suite.h"

static struct {
	struct catalogue *catalogue;
	struct suite suite;
	struct matrix *matrix;
} all;

static void setup(void)
{
	struct error err = { 0 };
	AUTO_FREE char *requirements = data_path("conformance/requirements.yaml");
	AUTO_FREE char *scenarios = data_path("scenarios");
	AUTO_FREE char *matrix = data_path("agents/faulty/faults.yaml");

	all.catalogue = catalogue_load(requirements, &err);
	ck_assert_msg(all.catalogue != NULL, "%s", error_text(&err));
	ck_assert_msg(!suite_add(&all.suite, scenarios, all.catalogue, &err), "%s",
		      error_text(&err));
	all.matrix = matrix_load(matrix, &err);
	ck_assert_msg(all.matrix != NULL, "%s", error_text(&err));
}

static void teardown(void)
{
	matrix_free(all.matrix);
	suite_done(&all.suite);
	catalogue_free(all.catalogue);
}

static const struct mutant *mutant_at(size_t i)
{
	return (const struct mutant *)all.matrix->mutants.items + i;
}

static bool must_fail(const struct mutant *mutant, const char *id)
{
	bool named = !strcmp(mutant->requirement, id);
	for (size_t i = 0; i < mutant->also.count; i++)
		named |= !strcmp(((char **)mutant->also.items)[i], id);
	return named;
}

static const struct scenario *find_scenario(const char *id)
{
	for (size_t i = 0; i < all.suite.count; i++)
		if (!strcmp(all.suite.entries[i].scenario->id, id))
			return all.suite.entries[i].scenario;
	return NULL;
}

START_TEST(every_clause_that_is_tested_is_broken_by_a_faulty_agent)
{
	setup();
	for (size_t i = 0; i < catalogue_requirements(all.catalogue); i++) {
		const struct requirement *row = catalogue_requirement(all.catalogue, i);
		bool broken = false;
		for (size_t k = 0; k < all.matrix->mutants.count; k++)
			broken |= must_fail(mutant_at(k), row->id);
		ck_assert_msg(broken == !row->untested, "%s", row->id);
	}
	teardown();
}
END_TEST

START_TEST(every_faulty_agent_has_a_scenario_of_its_kind_and_known_clauses)
{
	setup();
	for (size_t i = 0; i < all.matrix->mutants.count; i++) {
		const struct mutant *mutant = mutant_at(i);
		const struct scenario *scenario = find_scenario(mutant->scenario);
		ck_assert_msg(scenario && scenario->agent == mutant->agent, "%s", mutant->name);
		ck_assert_msg(catalogue_find(all.catalogue, mutant->requirement) != NULL, "%s",
			      mutant->name);
		for (size_t k = 0; k < mutant->also.count; k++)
			ck_assert_msg(catalogue_find(all.catalogue,
						     ((char **)mutant->also.items)[k]) != NULL,
				      "%s", mutant->name);
		for (size_t k = 0; k < i; k++)
			ck_assert_str_ne(mutant->name, mutant_at(k)->name);
	}
	teardown();
}
END_TEST

TEST_MAIN("conformance.selftest", every_clause_that_is_tested_is_broken_by_a_faulty_agent,
	  every_faulty_agent_has_a_scenario_of_its_kind_and_known_clauses)
