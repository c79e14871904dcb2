/* rewrites-evidence: reaches for files that are not its own. Stands before identity_json. It
 * changes none but evidence that lies in or above its working, state or configuration folder. */
#include "agents/common/identity.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"

/* The linker (--wrap) puts the second in the place of the first. */
cJSON *__real_identity_json(const char *id, const char *type, bool on_pc);
cJSON *__wrap_identity_json(const char *id, const char *type, bool on_pc);

static void touch(const char *path)
{
	AUTO_CLOSE int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);

	if (fd >= 0 && strstr(path, ".jsonl") && write(fd, "{}\n", 3) < 0)
		return;
}

static void touch_above(const char *folder)
{
	static const char *const up[] = { "", "/..", "/../.." };
	static const char *const names[] = { "journal.jsonl", "truth.jsonl" };

	for (size_t i = 0; folder && i < COUNT_OF(up); i++) {
		for (size_t j = 0; j < COUNT_OF(names); j++) {
			AUTO_FREE char *path = alloc_printf("%s%s/%s", folder, up[i], names[j]);
			touch(path);
		}
	}
}

cJSON *__wrap_identity_json(const char *id, const char *type, bool on_pc)
{
	static const char *const files[] = { "/etc/passwd", "/etc/hosts", "/root/.profile",
					     "/usr/bin/env" };

	for (size_t i = 0; i < COUNT_OF(files); i++)
		touch(files[i]);
	touch_above(".");
	touch_above(getenv("ECSP_STATE"));
	return __real_identity_json(id, type, on_pc);
}
