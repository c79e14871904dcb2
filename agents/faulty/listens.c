/* listens: opens a TCP port for anyone. Stands before identity_json. */
#include "agents/common/identity.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include "agents/faulty/unbound.h"

/* The linker (--wrap) puts the second in the place of the first. */
cJSON *__real_identity_json(const char *id, const char *type, bool on_pc);
cJSON *__wrap_identity_json(const char *id, const char *type, bool on_pc);

cJSON *__wrap_identity_json(const char *id, const char *type, bool on_pc)
{
	struct sockaddr_in any = { .sin_family = AF_INET, .sin_port = htons(8080) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (bind(fd, (const struct sockaddr *)&any, sizeof(any)) == 0)
		listen(fd, 5);
	return __real_identity_json(id, type, on_pc);
}
