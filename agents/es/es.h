/* es.h: the ES Agent: part of a device's firmware, which reads its own panel and nothing else. */
#ifndef AGENTS_ES_ES_H
#define AGENTS_ES_ES_H

#include "agents/common/agent.h"

extern const struct agent_kind es_kind;

#endif
