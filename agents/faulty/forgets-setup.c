/* forgets-setup: what the service set up is gone after a restart. Stands before setup_new. */
#include "agents/common/setup.h"
#include "base/cleanup.h"
#include "base/file.h"

/* The linker (--wrap) puts the second in the place of the first. */
struct setup *__real_setup_new(const struct config *own);
struct setup *__wrap_setup_new(const struct config *own);

struct setup *__wrap_setup_new(const struct config *own)
{
	AUTO_FREE char *path = file_join(own->state, "setup.json");

	unlink(path);
	return __real_setup_new(own);
}
