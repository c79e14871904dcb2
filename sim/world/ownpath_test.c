#include "sim/world/ownpath.h"

#include "base/cleanup.h"
#include "base/test.h"

START_TEST(paths_are_made_absolute_and_plain)
{
	static const struct {
		const char *base, *name, *want;
	} rows[] = {
		{ "/var/lib/ecsp-agent", "queue/1", "/var/lib/ecsp-agent/queue/1" },
		{ "/var/lib/ecsp-agent", "../../../etc/passwd", "/etc/passwd" },
		{ "/tmp", "/etc//./hosts", "/etc/hosts" },
		{ "/tmp", "../../..", "/" },
	};
	char out[PATH_MAX];
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		ck_assert(ownpath_join(rows[i].base, rows[i].name, out));
		ck_assert_str_eq(out, rows[i].want);
	}
}
END_TEST

START_TEST(a_path_that_does_not_fit_is_refused)
{
	char name[PATH_MAX + 10], out[PATH_MAX];
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	ck_assert(!ownpath_join("/tmp", name, out));
}
END_TEST

START_TEST(only_its_own_folders_are_an_agents_own)
{
	ck_assert(ownpath_is("/var/lib/ecsp-agent/queue/1"));
	ck_assert(ownpath_is("/tmp/x"));
	ck_assert(ownpath_is("/dev/null"));
	ck_assert(!ownpath_is("/var/lib/ecsp-agent-2/x"));
	ck_assert(!ownpath_is("/etc/passwd"));
	ck_assert(!ownpath_is("/"));
	ck_assert(ownpath_is_above("/") && ownpath_is_above("/var") &&
		  ownpath_is_above("/var/lib"));
	ck_assert(!ownpath_is_above("/tmp") && !ownpath_is_above("/va") &&
		  !ownpath_is_above("/srv"));
}
END_TEST

TEST_MAIN("world.ownpath", paths_are_made_absolute_and_plain, a_path_that_does_not_fit_is_refused,
	  only_its_own_folders_are_an_agents_own)
