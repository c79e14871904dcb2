#include "sim/printer/behaviour.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "sim/printer/device.h"

enum {
	NS_PER_MS = 1000000,
	CLEANING_MICROLITRES = 800, /* of each ink, all of it into the boxes */
	FLUSH_SHARE = 50,           /* a job flushes one part in so many into the boxes */
	ALL_OF_IT = 1000,           /* shares are in thousandths */
};

static enum refusal readiness(struct device *device)
{
	if (!device->on || device->last->has_error)
		return REFUSED_ERROR;
	return device->activity == ACTIVITY_NONE && !device->paused ? REFUSED_NOT : REFUSED_BUSY;
}

static void begin(struct device *device, enum activity activity, const struct record *record,
		  const int64_t cost[], int64_t ms)
{
	struct task *task = alloc_zero(1, sizeof(*task));

	device->asleep = false;
	device->activity = activity;
	device->task = task;
	memcpy(task->cost, cost, device->profile->inks.count * sizeof(*cost));
	task->timer = timer_new(device->host->time, behaviour_task_ended, device);
	task->begun = loop_now(device->host->time);
	task->ends = task->begun + (uint64_t)(ms * NS_PER_MS);
	task->record = *record;
	task->record.time = device_clock(device);
	task->record.kind = alloc_text(record->kind);
	task->record.document = alloc_text(record->document);
	task->record.owner = alloc_text(record->owner);
	timer_set(task->timer, task->ends);
	device_changed(device);
}

enum refusal behaviour_print(struct device *device, const struct job *job)
{
	enum refusal refusal = readiness(device);
	if (refusal != REFUSED_NOT)
		return refusal;
	begin(device, ACTIVITY_PRINTING,
	      &(struct record){ .document = (char *)job->document,
				.owner = (char *)job->owner,
				.length_mm = job->length_mm,
				.square_cm = job->square_cm },
	      job->cost, job->ms);
	return REFUSED_NOT;
}

enum refusal behaviour_clean(struct device *device, const char *kind, int64_t ms)
{
	enum refusal refusal = readiness(device);
	if (refusal != REFUSED_NOT)
		return refusal;
	int64_t cost[INKS_MAX];
	for (size_t i = 0; i < INKS_MAX; i++)
		cost[i] = CLEANING_MICROLITRES;
	begin(device, ACTIVITY_CLEANING, &(struct record){ .kind = (char *)kind }, cost, ms);
	return REFUSED_NOT;
}

/* ---- the end of a task ---- */

/* Returns what was there to take; less than wanted when an ink runs out. */
static int64_t draw(struct ink *ink, int64_t wanted)
{
	int64_t drawn = wanted < ink->left ? wanted : ink->left;
	ink->left -= drawn;
	ink->used += drawn;
	return drawn;
}

static void waste(struct device *device, int64_t microlitres)
{
	for (size_t i = 0; i < device->profile->boxes.count && microlitres > 0; i++) {
		struct box *box = &device->boxes[i];
		int64_t fits = box->removed ? 0 : box->left;
		int64_t taken = microlitres < fits ? microlitres : fits;
		box->left -= taken;
		microlitres -= taken;
	}
}

/* share: thousandths of the cost. *short_of: an ink could not give what was wanted. */
static int64_t draw_all(struct device *device, int64_t share, bool *short_of)
{
	int64_t drawn = 0;
	*short_of = false;
	for (size_t i = 0; i < device->profile->inks.count; i++) {
		int64_t wanted = device->task->cost[i] * share / ALL_OF_IT;
		int64_t got = draw(&device->inks[i], wanted);
		*short_of = *short_of || got < wanted;
		drawn += got;
	}
	return drawn;
}

static void unroll(struct device *device, int64_t millimetres)
{
	device->roll_mm -= millimetres;
	if (device->roll_mm <= 0) {
		device->roll_mm = 0;
		device->paper_out = true;
	}
}

static void end_job(struct device *device, int64_t share, const char *result)
{
	struct counters_model *counters = &device->counters;
	struct record *record = &device->task->record;
	uint64_t spent = loop_now(device->host->time) - device->task->begun;
	bool short_of;

	record->length_mm = record->length_mm * share / ALL_OF_IT;
	record->square_cm = record->square_cm * share / ALL_OF_IT;
	record->microlitres = draw_all(device, share, &short_of);
	record->kind = alloc_text(short_of ? "error" : result);
	record->ended = device_clock(device);
	waste(device, record->microlitres / FLUSH_SHARE);
	unroll(device, record->length_mm);
	counters->length_mm += record->length_mm;
	counters->square_cm += record->square_cm;
	counters->printing_seconds += (int64_t)((spent + 500000000) / 1000000000);
	counters->cuts++;
	counters->sheets++;
	counters->sheets_since_on++;
	history_add(device_log(device, LOG_JOBS), record);
}

static void end_cleaning(struct device *device, int64_t share)
{
	bool short_of;
	waste(device, draw_all(device, share, &short_of));
	if (share == ALL_OF_IT) /* one that was broken off has cleaned nothing */
		history_add(device_log(device, LOG_CLEANINGS), &device->task->record);
}

void task_free(struct task *task)
{
	if (!task)
		return;
	timer_free(task->timer);
	free(task->record.kind);
	free(task->record.document);
	free(task->record.owner);
	free(task);
}

static void end_task(struct device *device, int64_t share, const char *result)
{
	if (device->activity == ACTIVITY_PRINTING)
		end_job(device, share, result);
	else if (device->activity == ACTIVITY_CLEANING)
		end_cleaning(device, share);
	device->activity = ACTIVITY_NONE;
	task_free(device->task);
	device->task = NULL;
}

void behaviour_task_ended(void *arg)
{
	struct device *device = arg;
	end_task(device, ALL_OF_IT, "ok");
	device_changed(device);
}

void behaviour_stop(struct device *device, const char *result)
{
	const struct task *task = device->task;

	if (!task)
		return;
	uint64_t whole = task->ends - task->begun;
	uint64_t spent = loop_now(device->host->time) - task->begun;
	if (spent > whole)
		spent = whole;
	end_task(device, whole ? (int64_t)(spent / 1000 * ALL_OF_IT / (whole / 1000 + 1)) : 0,
		 result);
}

void behaviour_settle(struct device *device)
{
	struct status status;

	status_of(device, &status);
	if (status.has_error) {
		behaviour_stop(device, "error");
		device->asleep = false;
	}
	device_changed(device);
}

void behaviour_operated(struct device *device, const char *operation, const char *by,
			const char *result)
{
	device_seen(device, "printer.operated",
		    json_pack("{s:s,s:s,s:s}", "operation", operation, "by", by, "result", result));
}
