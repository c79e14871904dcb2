#include "agents/dc/find.h"

#include <string.h>

struct printer *find_printer(struct printer *const *printers, size_t count, const char *serial)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(printer_serial(printers[i]), serial) == 0)
			return printers[i];
	return NULL;
}
