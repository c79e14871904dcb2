#include "sim/printer/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

static void record_done(struct record *record)
{
	free(record->kind);
	free(record->code);
	free(record->document);
	free(record->owner);
}

static void copy_texts(struct record *record)
{
	record->kind = alloc_text(record->kind);
	record->code = alloc_text(record->code);
	record->document = alloc_text(record->document);
	record->owner = alloc_text(record->owner);
}

void history_add(struct history *history, const struct record *record)
{
	if (history->count == HISTORY_MAX) {
		record_done(&history->rows[0]);
		memmove(history->rows, history->rows + 1,
			(HISTORY_MAX - 1) * sizeof(history->rows[0]));
		history->count--;
	}
	struct record *row = &history->rows[history->count++];
	*row = *record;
	row->number = ++history->last_number;
	copy_texts(row);
}

void history_copy(struct history *history, const struct history *from)
{
	*history = *from;
	for (size_t i = 0; i < history->count; i++)
		copy_texts(&history->rows[i]);
}

void history_done(struct history *history)
{
	for (size_t i = 0; i < history->count; i++)
		record_done(&history->rows[i]);
	*history = (struct history){ 0 };
}
