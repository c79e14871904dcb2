/* utf8.h: is it text? (RFC 3629: no longer forms, no surrogates, nothing above U+10FFFF.) */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Length of the valid sequence that size (at least 1) bytes begin with; 0 if there is none. */
size_t utf8_length(const uint8_t *bytes, size_t size);

#endif
