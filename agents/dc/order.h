/* order.h: a command on its way to its printer. */
#ifndef AGENTS_DC_ORDER_H
#define AGENTS_DC_ORDER_H

#include <stdlib.h>

#include "agents/common/command.h"

struct order {
	struct order *next;
	struct command command;
};

static inline void order_free_all(struct order *orders)
{
	while (orders) {
		struct order *order = orders;
		orders = order->next;
		free(order);
	}
}

#endif
