/* leaves-process: leaves a process behind when it ends. Stands before identity_json. */
#include "agents/common/identity.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "agents/faulty/unbound.h"

/* The linker (--wrap) puts the second in the place of the first. */
cJSON *__real_identity_json(const char *id, const char *type, bool on_pc);
cJSON *__wrap_identity_json(const char *id, const char *type, bool on_pc);

cJSON *__wrap_identity_json(const char *id, const char *type, bool on_pc)
{
	if (fork() == 0) {
		setsid();
		for (;;)
			pause();
	}
	return __real_identity_json(id, type, on_pc);
}
