/* fixture.h: a folder of a test's own. */
#ifndef AGENTS_COMMON_FIXTURE_H
#define AGENTS_COMMON_FIXTURE_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int fixture_remove(const char *path, const struct stat *stat, int flag, struct FTW *ftw)
{
	(void)stat;
	(void)flag;
	(void)ftw;
	return remove(path);
}

/* In memory where that can be: thousands of syncs on a busy disk take minutes. Caller passes it to
 * fixture_folder_done. */
static inline char *fixture_folder(void)
{
	char in_memory[] = "/dev/shm/agent-test-XXXXXX", on_disk[] = "/tmp/agent-test-XXXXXX";
	char *made = mkdtemp(in_memory);

	if (!made)
		made = mkdtemp(on_disk);
	return made ? strdup(made) : NULL;
}

static inline void fixture_folder_done(char *folder)
{
	nftw(folder, fixture_remove, 8, FTW_DEPTH | FTW_PHYS);
	free(folder);
}

#endif
