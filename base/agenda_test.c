#include "base/agenda.h"

#include "base/digest.h"
#include "base/test.h"

enum { MANY = 500 };

/* Takes all out; returns how many came in order of their moments. */
static size_t drain(struct agenda *agenda)
{
	uint64_t last = 0;
	size_t count = 0;
	struct agenda_item *item;

	while ((item = agenda_first(agenda))) {
		ck_assert_uint_ge(item->at, last);
		last = item->at;
		agenda_drop(agenda, item);
		ck_assert_uint_eq(item->place, 0);
		count++;
	}
	return count;
}

START_TEST(the_earliest_comes_first)
{
	static struct agenda_item items[MANY];
	struct agenda agenda = { 0 };
	for (size_t i = 0; i < MANY; i++)
		agenda_put(&agenda, &items[i], mix64(i) % 1000);
	ck_assert_uint_eq(drain(&agenda), MANY);
	agenda_done(&agenda);
}
END_TEST

START_TEST(of_two_at_one_moment_the_older_comes_first)
{
	static struct agenda_item items[MANY];
	struct agenda agenda = { 0 };
	for (size_t i = 0; i < MANY; i++)
		agenda_put(&agenda, &items[i], 7);
	for (size_t i = 0; i < MANY; i++) {
		ck_assert_ptr_eq(agenda_first(&agenda), &items[i]);
		agenda_drop(&agenda, &items[i]);
	}
	agenda_done(&agenda);
}
END_TEST

START_TEST(items_can_move_and_leave)
{
	static struct agenda_item items[MANY];
	struct agenda agenda = { 0 };
	for (size_t i = 0; i < MANY; i++)
		agenda_put(&agenda, &items[i], mix64(i) % 1000);
	for (size_t i = 0; i < MANY; i += 2)
		agenda_put(&agenda, &items[i], mix64(i + MANY) % 1000);
	for (size_t i = 0; i < MANY; i += 5)
		agenda_drop(&agenda, &items[i]);
	agenda_drop(&agenda, &items[0]);
	ck_assert_uint_eq(drain(&agenda), MANY - MANY / 5);
	agenda_done(&agenda);
}
END_TEST

TEST_MAIN("base.agenda", the_earliest_comes_first, of_two_at_one_moment_the_older_comes_first,
	  items_can_move_and_leave)
