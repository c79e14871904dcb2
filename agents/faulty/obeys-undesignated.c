/* obeys-undesignated: carries out a command for a device that is not designated, on the first that
 * is. Replaces agents/dc/find.c. */
#include "agents/dc/find.h"

#include <string.h>

struct printer *find_printer(struct printer *const *printers, size_t count, const char *serial)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(printer_serial(printers[i]), serial) == 0)
			return printers[i];
	return count ? printers[0] : NULL;
}
