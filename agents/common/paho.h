/* paho.h: paho's header, which names a member popen, and after it what base/banned.h forbids: so
 * the file that includes this is held to the same as all others. */
#ifndef AGENTS_COMMON_PAHO_H
#define AGENTS_COMMON_PAHO_H

#include <MQTTAsync.h>

/* The build sets it for that file, so that nothing is forbidden before this line. */
#undef BASE_BANNED_H
#include "base/banned.h"

#endif
