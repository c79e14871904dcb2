/* keeps-first-secret: remembers the secret it was given first, and asks with that ever after.
 * Stands before uplink_new. */
#include "agents/common/uplink.h"
#include "base/file.h"

enum { SECRET_FILE_MAX = 256 };

/* The linker (--wrap) puts the second in the place of the first. */
struct uplink *__real_uplink_new(const struct uplink_options *options, struct error *err);
struct uplink *__wrap_uplink_new(const struct uplink_options *options, struct error *err);

struct uplink *__wrap_uplink_new(const struct uplink_options *options, struct error *err)
{
	static struct config config; /* borrowed as long as the agent lives */
	struct uplink_options other = *options;
	char *path = file_join(options->config->state, "first-secret");
	char *first = file_read(path, SECRET_FILE_MAX, NULL, NULL);

	config = *options->config;
	if (first)
		config.secret = first;
	else
		file_write(path, config.secret, strlen(config.secret), NULL);
	free(path);
	other.config = &config;
	return __real_uplink_new(&other, err);
}
