/* line_server.h: a listening socket where each line is answered by a line, one after the other: a
 * client that does not read its answers is asked nothing more, and fills no memory. */
#ifndef BASE_LINE_SERVER_H
#define BASE_LINE_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/loop.h"

struct line_server; /* opaque */
struct line_client; /* opaque; theirs until they hang up */

struct line_server_options {
	struct loop *loop; /* borrowed */
	int fd;            /* listens, does not block; taken over */
	size_t line_max;   /* bytes of a line in */
	size_t answer_max; /* bytes that may wait for one client */
	size_t clients_max;
	uint64_t silence_ms;  /* of a client that is hung up on then; 0: any */
	const char *too_long; /* a line said before hanging up; NULL: nothing */
	const char *too_many; /* the same */
	/* Caller frees the answer, which has no newline. May call line_client_listen and
	 * line_server_tell. */
	char *(*answer)(void *arg, struct line_client *client, const char *line, size_t size);
	void *arg;
};

struct line_server *line_server_new(const struct line_server_options *options); /* never NULL */
void line_server_free(struct line_server *server); /* NULL is fine; hangs up on everybody */

void line_client_listen(struct line_client *client); /* it is told from now on */
/* A line to all who listen; who has too much waiting already is hung up on. */
void line_server_tell(struct line_server *server, const char *line);

#endif
