/* takes-garbage: makes something of every document, sound or not. Stands before setup_read. */
#include "agents/common/setup.h"

/* The linker (--wrap) puts the second in the place of the first. */
int __real_setup_read(struct setup_document *document, const char *text, size_t size,
		      struct error *err);
int __wrap_setup_read(struct setup_document *document, const char *text, size_t size,
		      struct error *err);

int __wrap_setup_read(struct setup_document *document, const char *text, size_t size,
		      struct error *err)
{
	if (__real_setup_read(document, text, size, err) == 0)
		return 0;
	setup_document_done(document);
	document->version = INT32_MAX;
	document->interval_ms = INT32_MAX;
	return 0;
}
