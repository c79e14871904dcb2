#include "conformance/result.h"

#include <string.h>

#include "base/json.h"
#include "conformance/judge.h"

/* ---- coverage of requirements ---- */

/* Worst verdict of a scenario's findings about a requirement; VERDICT_COUNT if there is none. */
static enum verdict about(const json_t *scenario, const char *requirement)
{
	enum verdict worst = VERDICT_COUNT;
	size_t i;
	json_t *finding;

	json_array_foreach (json_object_get(scenario, "findings"), i, finding)
		if (!strcmp(json_text_of(finding, "requirement", ""), requirement))
			worst = verdict_worse(
				worst, verdict_parse(json_text_of(finding, "verdict", "error")));
	return worst;
}

static json_t *requirement_row(const struct requirement *requirement, const json_t *scenarios)
{
	json_t *cells = json_array();
	enum verdict worst = VERDICT_COUNT;
	size_t i;
	json_t *scenario;

	json_array_foreach (scenarios, i, scenario) {
		enum verdict verdict = about(scenario, requirement->id);
		if (verdict == VERDICT_COUNT)
			continue;
		worst = verdict_worse(worst, verdict);
		json_array_append_new(cells,
				      json_pack("{s:O,s:s}", "id", json_object_get(scenario, "id"),
						"verdict", verdict_name(verdict)));
	}
	json_t *row = json_pack("{s:s,s:s,s:s,s:I,s:s,s:o}", "requirement", requirement->id,
				"level", level_names[requirement->level], "text", requirement->text,
				"page", (json_int_t)requirement->page, "verdict",
				verdict_name(worst), "scenarios", cells);
	if (worst == VERDICT_COUNT)
		json_object_set_new(row, "why",
				    json_string(requirement->untested
							? requirement->untested
							: "no scenario of this run is about it"));
	return row;
}

static json_t *requirement_rows(const json_t *scenarios, const struct catalogue *catalogue)
{
	json_t *rows = json_array();
	for (size_t i = 0; i < catalogue_requirements(catalogue); i++) {
		const struct requirement *requirement = catalogue_requirement(catalogue, i);
		if (requirement->page >
		    0) /* the guideline's own; ours are told with their findings */
			json_array_append_new(rows, requirement_row(requirement, scenarios));
	}
	return rows;
}

/* ---- coverage of items ---- */

static bool names_item(const json_t *finding, const char *item)
{
	size_t i;
	json_t *name;
	json_array_foreach (json_object_get(finding, "items"), i, name)
		if (!strcmp(json_string_value(name), item))
			return true;
	return false;
}

/* The finding that decides a cell: the worst, and of equals the first. */
static const json_t *deciding(const json_t *scenarios, const char *item, const char *agent,
			      const json_t **of)
{
	const json_t *worst = NULL;
	size_t i, k;
	json_t *scenario, *finding;

	json_array_foreach (scenarios, i, scenario) {
		if (strcmp(json_text_of(scenario, "agent", ""), agent) != 0)
			continue;
		json_array_foreach (json_object_get(scenario, "findings"), k, finding) {
			if (!names_item(finding, item))
				continue;
			enum verdict verdict =
				verdict_parse(json_text_of(finding, "verdict", "error"));
			if (worst &&
			    verdict >= verdict_parse(json_text_of(worst, "verdict", "error")))
				continue;
			worst = finding;
			*of = scenario;
		}
	}
	return worst;
}

static json_t *decided_cell(const char *agent, const json_t *finding, const json_t *scenario)
{
	json_t *cell = json_pack("{s:s,s:O,s:O,s:O}", "agent", agent, "verdict",
				 json_object_get(finding, "verdict"), "scenario",
				 json_object_get(scenario, "id"), "reason",
				 json_object_get(finding, "reason"));
	const json_t *first = json_array_get(json_object_get(finding, "evidence"), 0);
	if (first) {
		json_t *evidence = json_deep_copy(first);
		json_object_set_new(evidence, "file",
				    json_sprintf("%s/%s", json_text_of(scenario, "folder", ""),
						 json_text_of(first, "file", "")));
		json_object_set_new(cell, "evidence", evidence);
	}
	return cell;
}

static json_t *item_cell(const struct item *item, enum agent_kind kind, const json_t *scenarios)
{
	const json_t *scenario = NULL;
	const json_t *finding = deciding(scenarios, item->id, agent_names[kind], &scenario);

	if (finding)
		return decided_cell(agent_names[kind], finding, scenario);
	if (!item_of(item, kind))
		return json_pack("{s:s,s:s,s:s}", "agent", agent_names[kind], "verdict",
				 "not applicable", "reason",
				 "the guideline does not give this item to this kind of agent");
	return json_pack("{s:s,s:s,s:s}", "agent", agent_names[kind], "verdict", "not tested",
			 "reason", "no scenario of this run looks at it");
}

static json_t *item_rows(const json_t *scenarios, const struct catalogue *catalogue)
{
	json_t *rows = json_array();
	for (size_t i = 0; i < catalogue_items(catalogue); i++) {
		const struct item *item = catalogue_item(catalogue, i);
		json_t *cells = json_array();
		for (int kind = 0; kind < AGENT_KINDS; kind++)
			json_array_append_new(cells,
					      item_cell(item, (enum agent_kind)kind, scenarios));
		json_array_append_new(rows, json_pack("{s:s,s:s,s:s,s:o}", "item", item->id, "name",
						      item->name, "category", item->category,
						      "cells", cells));
	}
	return rows;
}

/* ---- the whole ---- */

static json_t *summary(const json_t *scenarios, const json_t *run)
{
	json_t *counts = json_object();
	size_t i;
	json_t *scenario;

	for (int v = 0; v < VERDICT_COUNT; v++)
		json_object_set_new(counts, verdict_name((enum verdict)v), json_integer(0));
	json_array_foreach (scenarios, i, scenario) {
		const char *verdict = json_text_of(scenario, "verdict", "error");
		json_object_set_new(counts, verdict,
				    json_integer(json_int_of(counts, verdict, 0) + 1));
	}
	json_object_set_new(
		counts, "not run",
		json_integer((json_int_t)json_array_size(json_object_get(run, "notRun"))));
	return counts;
}

json_t *result_document(const json_t *scenarios, const json_t *run,
			const struct catalogue *catalogue)
{
	return json_pack("{s:s,s:o,s:O,s:O,s:o,s:o}", "format", "ecsp-result/1", "summary",
			 summary(scenarios, run), "run", run, "scenarios", scenarios, "items",
			 item_rows(scenarios, catalogue), "requirements",
			 requirement_rows(scenarios, catalogue));
}

void result_keep_level(json_t *scenario, enum level lowest)
{
	json_t *findings = json_object_get(scenario, "findings");

	for (size_t i = json_array_size(findings); i-- > 0;) {
		const json_t *finding = json_array_get(findings, i);
		for (int level = 0; level_names[level]; level++)
			if (level > (int)lowest &&
			    !strcmp(level_names[level], json_text_of(finding, "level", "")))
				json_array_remove(findings, i);
	}
	json_object_set_new(scenario, "verdict", json_string(verdict_name(judge_worst(findings))));
}

int result_exit_code(const json_t *scenarios)
{
	bool has[VERDICT_COUNT + 1] = { false };
	size_t i;
	json_t *scenario;

	json_array_foreach (scenarios, i, scenario)
		has[verdict_parse(json_text_of(scenario, "verdict", "error"))] = true;
	if (has[VERDICT_ERROR] || has[VERDICT_COUNT])
		return 4;
	if (has[VERDICT_FAIL])
		return 1;
	return has[VERDICT_INCONCLUSIVE] ? 3 : 0;
}
