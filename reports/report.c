#include "reports/report.h"

#include <string.h>

const struct report_writer report_writers[] = {
	{ "html", "report.html", report_html },
	{ "junit", "junit.xml", report_junit },
	{ "csv", "coverage.csv", report_csv },
	{ NULL, NULL, NULL },
};

const struct report_writer *report_writer_find(const char *name)
{
	for (const struct report_writer *writer = report_writers; writer->name; writer++)
		if (!strcmp(writer->name, name))
			return writer;
	return NULL;
}
