/* A recorded SC-T3405 (folder ECSP_RECORDINGS), imported, served and walked with snmpwalk again.
 * Not run without the recording, which is not part of this tree: ctest says so. */
#include <errno.h>

#include "base/file.h"
#include "conformance/import.h"
#include "conformance/serve_fixture.h"
#include "sim/printer/frozen.h"

enum { NOT_RUN = 77 };

static struct mib *read_recording(const char *folder)
{
	AUTO_FREE char *path = file_join(folder, "epson_sc-t3405.snmprec");
	struct error err = { 0 };
	size_t size;
	AUTO_FREE char *text = file_read(path, WALK_FILE_MAX, &size, &err);
	struct mib *walk = text ? walk_parse(text, size, path, NULL, &err) : NULL;

	if (!walk)
		fprintf(stderr, "%s\n", error_text(&err));
	return walk;
}

/* Frozen, both directions must agree on all rows; live, on all that the state does not own. */
static size_t compare(const struct mib *walk, const char *profile, bool frozen)
{
	struct serve serve = serve_start(profile, frozen);
	struct mib *served = serve_walk(&serve);
	size_t wrong = 1;

	serve_stop(&serve);
	if (served)
		wrong = serve_missing(walk, served, frozen ? NULL : frozen_owns) +
			serve_missing(served, walk, frozen ? NULL : frozen_owns);
	if (served)
		printf("%s: recorded %zu rows, served %zu, %zu wrong\n", frozen ? "frozen" : "live",
		       mib_count(walk), mib_count(served), wrong);
	mib_free(served);
	return wrong;
}

int main(void)
{
	const char *folder = getenv("ECSP_RECORDINGS");
	char scratch[] = "/tmp/recording-XXXXXX";
	AUTO_FREE char *written = NULL;
	struct error err = { 0 };

	if (!folder) {
		puts("not run: ECSP_RECORDINGS names no folder with recordings");
		return NOT_RUN;
	}
	struct mib *walk = read_recording(folder);
	int fd = mkstemp(scratch);
	if (!walk || fd < 0)
		return EXIT_FAILURE;
	close(fd);
	size_t wrong = 1;
	if (import_write(&(struct import){ walk, "recorded", "a recording", NULL }, scratch,
			 &written, &err) < 0)
		fprintf(stderr, "%s\n", error_text(&err));
	else
		wrong = compare(walk, scratch, true) + compare(walk, scratch, false);
	unlink(scratch);
	mib_free(walk);
	return wrong ? EXIT_FAILURE : EXIT_SUCCESS;
}
