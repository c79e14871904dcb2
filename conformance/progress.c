#include "conformance/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

void progress_init(struct progress *progress)
{
	const char *term = getenv("TERM");
	bool dumb = !term || !strcmp(term, "dumb") || getenv("CI");
	*progress = (struct progress){ .terminal = isatty(STDERR_FILENO) && !dumb };
}

void progress_line(struct progress *progress, const char *verdict, const char *id, size_t done,
		   size_t count)
{
	bool good = !strcmp(verdict, "pass") || !strcmp(verdict, "not applicable");

	if (!progress->terminal) {
		fprintf(stderr, "[%zu/%zu] %s %s\n", done, count, verdict, id);
		return;
	}
	/* What is not good stays on the screen; what is good makes way for the next. */
	fprintf(stderr, "\r\033[K[%zu/%zu] %s %s%s", done, count, verdict, id, good ? "" : "\n");
	fflush(stderr);
	progress->open = good;
}

void progress_done(struct progress *progress)
{
	if (progress->terminal && progress->open)
		fputs("\r\033[K", stderr);
}

bool progress_color(void)
{
	const char *off = getenv("NO_COLOR"); /* no-color.org: set and not empty */
	const char *term = getenv("TERM");
	return isatty(STDOUT_FILENO) && !(off && *off) && term && strcmp(term, "dumb") != 0;
}

unsigned progress_width(void)
{
	struct winsize size;
	if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0)
		return 0;
	return size.ws_col < 40 ? 40 : size.ws_col;
}
