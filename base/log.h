/* log.h: lines on standard error for programs: "2026-11-22T10:15:30.123Z warn mqtt: refused".
 * Library code does not log; it returns errors. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR };

void log_set_level(enum log_level level); /* default: info */

/* Where many speak: *owner, where it is not NULL, stands in every line before its object. Borrowed
 * until another is set; NULL: nobody. */
void log_set_owner(const char *const *owner);

/* object: what the line is about ("mqtt", "printer 10.16.0.10"). Control characters are replaced.
 */
void log_line(enum log_level level, const char *object, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
