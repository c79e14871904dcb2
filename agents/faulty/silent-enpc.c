/* silent-enpc: never asks a printer by ENPC. Stands before enpc_ask. */
#include "agents/dc/enpc_link.h"

/* The linker (--wrap) puts the second in the place of the first. */
struct enpc_call *__real_enpc_ask(const struct enpc_options *options, enpc_done *done, void *arg);
struct enpc_call *__wrap_enpc_ask(const struct enpc_options *options, enpc_done *done, void *arg);

struct enpc_call *__wrap_enpc_ask(const struct enpc_options *options, enpc_done *done, void *arg)
{
	(void)options;
	(void)done;
	(void)arg;
	return NULL;
}
