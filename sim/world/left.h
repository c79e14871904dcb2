/* left.h: what the agent left in the folders that it may write to. */
#ifndef SIM_WORLD_LEFT_H
#define SIM_WORLD_LEFT_H

#include "sim/world/jail.h"

/* See world_left. */
bool left_look(const struct jail *jail, world_left_sink *sink, void *arg);

#endif
