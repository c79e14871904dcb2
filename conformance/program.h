/* program.h: the program under test: how it is started, what it says of itself.
 *
 * A command ("./my-agent --verbose", split into words, no shell) or a manifest (*.yaml) that also
 * names a binding and the items its maker declares not applicable. */
#ifndef CONFORMANCE_PROGRAM_H
#define CONFORMANCE_PROGRAM_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"
#include "conformance/requirement.h"

struct program {
	int kind;       /* enum agent_kind */
	char **argv;    /* owned, NULL-terminated; argv[0] is an absolute path */
	char *command;  /* as given, for people; owned */
	char **folders; /* it must see: the program's and those of the files it is given; owned,
			   NULL-terminated */
	/* Files it is given that lie where the world puts something of its own (/tmp); owned. */
	struct program_file {
		char *path, *data;
		size_t size;
	} * files;
	size_t file_count;
	/* What its maker says of items it cannot have, by id; empty without a manifest. Owned. */
	json_t *lacks;
	char *binding; /* path of another binding than the reference, or NULL; owned */
};

/* text: a command or the path of a manifest. -ENOENT (missing program) and -EACCES (not executable)
 * are the agent's fault; -EINVAL is a usage error. catalogue as in
 * manifest.h. */
int program_init(struct program *program, enum agent_kind kind, const char *text,
		 const struct catalogue *catalogue, struct error *err);
/* The bundled agent of this kind beside the running program; -ENOENT if there is none. */
int program_init_bundled(struct program *program, enum agent_kind kind, struct error *err);
void program_done(struct program *program);

#endif
