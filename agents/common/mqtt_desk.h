/* mqtt_desk.h: the one thread that makes paho's calls, for all connections of the process: paho has
 * one lock for everything, so a thread for each would only wait beside the others. */
#ifndef AGENTS_COMMON_MQTT_DESK_H
#define AGENTS_COMMON_MQTT_DESK_H

#include <stdbool.h>

#include "base/error.h"

/* The thread is there between the first enter and the last leave. Of the loop's thread, as all
 * here.
 */
int mqtt_desk_enter(struct error *err);
void mqtt_desk_leave(void);

/* Runs job(arg) on the thread, after all that was put before. */
void mqtt_desk_put(void (*job)(void *arg), void *arg);

/* A call did not come back when it should have: paho may sit in a name lookup that nothing ends.
 * Nobody waits for the thread any more; it is left to the end of the process, which is near. */
void mqtt_desk_give_up(void);
bool mqtt_desk_given_up(void);

#endif
