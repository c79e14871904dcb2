/* banned.h: calls that may not be used, as compile errors. Included before every file of ours.
 *
 * Each has a safer way here: buf_printf or snprintf for the string calls, the loop for waiting,
 * wall.h for the clock, child.h for running programs. */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#pragma GCC poison strcpy strcat sprintf vsprintf gets system popen tmpnam mktemp
#pragma GCC poison sleep usleep nanosleep

#endif
