/* listens: opens a TCP port for anyone. Replaces agents/common/identity.c. */
#include "agents/common/identity.h"

#include <netinet/in.h>
#include <sys/socket.h>

/* The good one under another name. */
cJSON *good_identity_json(const char *id, const char *type, bool on_pc);
#define identity_json good_identity_json
#include "agents/common/identity.c"
#undef identity_json

cJSON *identity_json(const char *id, const char *type, bool on_pc)
{
	struct sockaddr_in any = { .sin_family = AF_INET, .sin_port = htons(8080) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (bind(fd, (const struct sockaddr *)&any, sizeof(any)) == 0)
		listen(fd, 5);
	return good_identity_json(id, type, on_pc);
}
