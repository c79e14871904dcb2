/* error.h: why something failed, in one sentence a person can act on, and where.
 *
 * Functions that can fail for a reason worth telling take `struct error *err` last and return a
 * negative errno (or NULL). Only programs print. An error is plain data: no clean-up needed. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdarg.h>

struct error {
	char file[192]; /* input the error is about, empty if none */
	int line;       /* 1-based, 0 if unknown */
	int column;     /* 1-based, 0 if unknown */
	char text[512]; /* "found …, expected …" */
};

/* Sets the sentence and returns -code, so that callers can write `return error_set(...)`.
 * err may be NULL. */
int error_set(struct error *err, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* As error_set, at a place in an input file. */
int error_at(struct error *err, const char *file, int line, int column, const char *format, ...)
	__attribute__((format(printf, 5, 6))); /* returns -EINVAL */

/* Puts words in front: "transport: connect: refused". Returns nothing; err may be NULL. */
void error_wrap(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "file:line:column: text" or just the text; valid until the next call in this thread. */
const char *error_text(const struct error *err);

#endif
