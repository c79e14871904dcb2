#include "agents/dc/collect.h"

#include <errno.h>
#include <string.h>

#include "agents/common/status.h"
#include "agents/common/text.h"
#include "agents/dc/lines.h"
#include "agents/dc/table.h"
#include "agents/dc/value.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/wall.h"

enum {
	AT_ONCE = 4,    /* questions under way: quick, and no burden for a printer */
	GET_VALUES = 8, /* in one question: fits one datagram with 255-byte texts */
	ROUNDS_MAX = 3, /* of reading again because the status changed meanwhile */
	TRIES_MAX = 3,  /* of one question, each with its resends, on a lossy network */
};

/* One value that is to be fetched. */
struct want {
	const struct column *column;
	struct snmp_oid oid;
	cJSON *into; /* a row, the record, or NULL: what the collection keeps for itself */
};

struct job {
	struct job *next;
	struct collection *collection;
	struct want wants[GET_VALUES]; /* of a GET */
	size_t count;                  /* 0: a walk */
	size_t table;
	struct snmp_oid after;
	int tries;
};

struct collection {
	struct snmp_peer *session;
	struct timer *end;
	struct job *jobs, **jobs_end; /* waiting */
	size_t under_way;
	struct job *asked; /* under way */
	cJSON *record;
	cJSON **rows; /* one array per table, until it is finished */
	bool *broken; /* per table: its rows did not come in order, so nobody knows how many it has
		       */
	struct st2 first;
	bool have_first, check_asked, only_look, answers;
	bool extended; /* it has the branch of docs/printer-extension.md */
	int rounds;
	struct collected result;
	collect_done *done;
	void *arg;
};

static void pump(struct collection *collection);

/* ---- jobs ---- */

static struct job *job_new(struct collection *collection)
{
	struct job *job = alloc_zero(1, sizeof(*job));

	job->collection = collection;
	return job;
}

static void job_queue(struct job *job)
{
	struct collection *collection = job->collection;

	*collection->jobs_end = job;
	collection->jobs_end = &job->next;
}

static void want(struct collection *collection, struct job **job, const struct want *want)
{
	if (!*job)
		*job = job_new(collection);
	(*job)->wants[(*job)->count++] = *want;
	if ((*job)->count == GET_VALUES) {
		job_queue(*job);
		*job = NULL;
	}
}

static void free_jobs(struct job **list)
{
	while (*list) {
		struct job *job = *list;
		*list = job->next;
		free(job);
	}
}

static void take_from(struct job **list, struct job *job)
{
	while (*list != job)
		list = &(*list)->next;
	*list = job->next;
}

/* ---- the end ---- */

/* Called back from a timer: the session may not be freed inside its own call back. */
static void end(struct collection *collection, int status)
{
	free_jobs(&collection->jobs);
	collection->jobs_end = &collection->jobs;
	if (timer_active(collection->end))
		return;
	collection->result.status = status;
	timer_in(collection->end, 0);
}

void collect_cancel(struct collection *collection)
{
	if (!collection)
		return;
	snmp_peer_free(collection->session);
	timer_free(collection->end);
	free_jobs(&collection->jobs);
	free_jobs(&collection->asked);
	for (size_t i = 0; i < table_count; i++)
		cJSON_Delete(collection->rows[i]);
	free(collection->rows);
	free(collection->broken);
	cJSON_Delete(collection->record);
	free(collection);
}

static void finished(void *arg)
{
	struct collection *collection = arg;
	struct collected result = collection->result;
	collect_done *done = collection->done;
	void *done_arg = collection->arg;

	if (result.status == 0 && !collection->only_look) {
		result.record = collection->record;
		collection->record = NULL;
	}
	collect_cancel(collection);
	done(done_arg, &result);
}

/* ---- answers ---- */

static bool is_complete(const struct table *table, const cJSON *row)
{
	for (size_t i = 0; i < table->count; i++)
		if (!cJSON_GetObjectItemCaseSensitive(row, table->columns[i].member))
			return false;
	return true;
}

static void finish_tables(struct collection *collection)
{
	for (size_t i = 0; i < table_count; i++) {
		cJSON *rows = collection->rows[i];
		cJSON *next = NULL;
		bool found = rows->child;
		for (cJSON *row = rows->child; row; row = next) {
			next = row->next;
			if (!is_complete(tables[i], row))
				cJSON_Delete(cJSON_DetachItemViaPointer(rows, row));
		}
		collection->rows[i] = NULL;
		/* No row is an empty history only where there are histories at all, and none was
		 * found that cannot be read. */
		if (collection->broken[i] || (!rows->child && (found || !collection->extended))) {
			cJSON_Delete(rows);
			continue;
		}
		tables[i]->finish(collection->record, tables[i]->member, rows);
	}
}

static void begin_round(struct collection *collection)
{
	struct job *job = NULL;

	cJSON_Delete(collection->record);
	collection->record = cJSON_CreateObject();
	collection->have_first = false;
	collection->check_asked = false;
	collection->rounds++;
	if (collection->only_look) {
		want(collection, &job, &(struct want){ &status_column, status_column.oid, NULL });
		job_queue(job);
		return;
	}
	for (size_t i = 0; i < scalar_count; i++)
		want(collection, &job,
		     &(struct want){ &scalar_columns[i], scalar_columns[i].oid,
				     collection->record });
	want(collection, &job,
	     &(struct want){ &self_diagnosis_column, self_diagnosis_column.oid, NULL });
	if (job)
		job_queue(job);
	for (size_t i = 0; i < table_count; i++) {
		cJSON_Delete(collection->rows[i]);
		collection->rows[i] = cJSON_CreateArray();
		collection->broken[i] = false;
		struct job *walk = job_new(collection);
		walk->table = i;
		walk->after = tables[i]->index;
		job_queue(walk);
	}
}

/* Everything came: if the status is still what it was at the start, the values belong together. */
static void round_complete(struct collection *collection)
{
	if (collection->only_look) {
		end(collection, 0);
	} else if (!collection->check_asked) {
		struct job *job = job_new(collection);
		collection->check_asked = true;
		job->wants[job->count++] = (struct want){ &status_column, status_column.oid, NULL };
		job_queue(job);
	} else if (!st2_equal(&collection->first, &collection->result.st2) &&
		   collection->rounds < ROUNDS_MAX) {
		begin_round(collection);
	} else {
		finish_tables(collection);
		end(collection, 0);
	}
}

static bool take_status(struct collection *collection, const struct snmp_value *value)
{
	struct st2 *st2 = &collection->result.st2;

	if (value->kind != SNMP_BYTES || (!st2_parse(value->data, value->size, st2) &&
					  !lines_parse(value->data, value->size, st2)))
		return false;
	if (collection->have_first)
		return true;
	collection->have_first = true;
	collection->first = *st2;
	if (!collection->only_look) {
		char now[WALL_TEXT_MAX];
		cJSON_AddStringToObject(collection->record, "acquired",
					wall_format(wall_now(), now));
		status_add(collection->record, st2->status, st2->error, st2->warnings,
			   st2->warning_count);
	}
	return true;
}

static bool take_value(struct collection *collection, const struct want *want,
		       const struct snmp_value *value)
{
	if (want->column->kind == COLUMN_STATUS)
		return take_status(collection, value);
	if (want->column == &self_diagnosis_column) {
		collection->extended = value->kind == SNMP_NUMBER;
		collection->result.self_diagnosis =
			value->kind == SNMP_NUMBER && value->number == 1;
		return true;
	}
	cJSON *json = value_json(want->column->kind, value);
	if (json)
		cJSON_AddItemToObject(want->into, want->column->member, json);
	return true;
}

/* A printer that cannot answer so much at once is asked for half of it. */
static void split(struct collection *collection, const struct job *job)
{
	size_t half = job->count / 2;

	for (size_t from = 0; from < job->count; from += half ? half : 1) {
		struct job *part = job_new(collection);
		while (part->count < half && from + part->count < job->count) {
			part->wants[part->count] = job->wants[from + part->count];
			part->count++;
		}
		job_queue(part);
	}
}

/* Out of the list of what is under way. True when it was lost on the way and is asked again: who
 * answered before is there. */
static bool landed(struct job *job, int status)
{
	struct collection *collection = job->collection;

	take_from(&collection->asked, job);
	collection->under_way--;
	job->next = NULL;
	if (status != -ETIMEDOUT) {
		collection->answers = true;
		return false;
	}
	if (!collection->answers || ++job->tries >= TRIES_MAX || timer_active(collection->end))
		return false;
	job_queue(job);
	pump(collection);
	return true;
}

static void got_values(void *arg, int status, const struct snmp_value *values, size_t count)
{
	struct job *job = arg;
	struct collection *collection = job->collection;

	if (landed(job, status))
		return;
	if (status == -EMSGSIZE && job->count > 1) {
		split(collection, job);
	} else if (status < 0) {
		end(collection, status);
	} else {
		for (size_t i = 0; i < count; i++)
			if (!take_value(collection, &job->wants[i], &values[i]))
				end(collection, -EBADMSG);
	}
	free(job);
	pump(collection);
}

/* A row was found: its columns are fetched one by one, by their exact names. */
static void add_row(struct collection *collection, size_t table, uint32_t number,
		    const struct snmp_value *value, struct job **questions)
{
	const struct table *of = tables[table];
	cJSON *row = cJSON_CreateObject();

	cJSON_AddItemToArray(collection->rows[table], row);
	for (size_t i = 0; i < of->count; i++) {
		struct want next = { &of->columns[i], of->columns[i].oid, row };
		if (snmp_oid_equal(&of->columns[i].oid, &of->index)) {
			take_value(collection, &next, value);
			continue;
		}
		snmp_oid_add(&next.oid, number);
		want(collection, questions, &next);
	}
}

static bool is_row(const struct snmp_value *value, const struct snmp_oid *index)
{
	return value->kind != SNMP_NOTHING && value->oid.size == index->size + 1 &&
	       snmp_oid_below(&value->oid, index);
}

/* Takes the rows among the values; false when the table's end was seen. Numbers must grow, so a
 * printer cannot keep us walking in a circle, and behind the end there is no row. */
static bool add_rows(struct collection *collection, struct job *walk,
		     const struct snmp_value *values, size_t count)
{
	const struct snmp_oid *index = &tables[walk->table]->index;
	struct job *questions = NULL;
	bool more = count > 0;

	for (size_t i = 0; i < count; i++) {
		const struct snmp_value *value = &values[i];
		uint32_t last = walk->after.size > index->size ? walk->after.ids[index->size] : 0;
		if (!is_row(value, index)) {
			more = false;
			continue;
		}
		if (!more || value->oid.ids[index->size] <= last) {
			collection->broken[walk->table] = true;
			more = false;
			break;
		}
		if (cJSON_GetArraySize(collection->rows[walk->table]) == TABLE_ROWS_MAX) {
			more = false;
			break;
		}
		add_row(collection, walk->table, value->oid.ids[index->size], value, &questions);
		walk->after = value->oid;
	}
	if (questions)
		job_queue(questions);
	return more;
}

static void got_next(void *arg, int status, const struct snmp_value *values, size_t count)
{
	struct job *job = arg;
	struct collection *collection = job->collection;

	if (landed(job, status))
		return;
	if (status < 0) {
		end(collection, status);
	} else if (!timer_active(collection->end) && add_rows(collection, job, values, count)) {
		job_queue(job);
		job = NULL;
	}
	free(job);
	pump(collection);
}

/* ---- questions ---- */

static int ask(struct collection *collection, struct job *job)
{
	struct snmp_oid oids[GET_VALUES];

	if (!job->count)
		return snmp_next(collection->session, &job->after, tables[job->table]->most,
				 got_next, job);
	for (size_t i = 0; i < job->count; i++)
		oids[i] = job->wants[i].oid;
	return snmp_get(collection->session, oids, job->count, got_values, job);
}

static void pump(struct collection *collection)
{
	if (timer_active(collection->end))
		return;
	if (!collection->jobs && !collection->under_way)
		round_complete(collection);
	while (collection->jobs && collection->under_way < AT_ONCE) {
		struct job *job = collection->jobs;
		collection->jobs = job->next;
		if (!collection->jobs)
			collection->jobs_end = &collection->jobs;
		job->next = collection->asked;
		collection->asked = job;
		collection->under_way++;
		int status = ask(collection, job);
		if (status < 0) {
			end(collection, status);
			return;
		}
	}
}

struct collection *collect_start(const struct snmp_options *options, bool only_look,
				 collect_done *done, void *arg)
{
	struct collection *collection = alloc_zero(1, sizeof(*collection));

	collection->jobs_end = &collection->jobs;
	collection->rows = alloc_zero(table_count, sizeof(cJSON *));
	collection->broken = alloc_zero(table_count, sizeof(bool));
	collection->only_look = only_look;
	collection->done = done;
	collection->arg = arg;
	collection->end = timer_new(options->loop, finished, collection);
	collection->session = snmp_peer_new(options, NULL);
	if (!collection->session) {
		end(collection, -ENETUNREACH);
		return collection;
	}
	begin_round(collection);
	pump(collection);
	return collection;
}
