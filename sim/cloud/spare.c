#include "sim/cloud/spare.h"

#include <stdlib.h>

void spare_done(struct spare *spare)
{
	free(spare->data);
	*spare = (struct spare){ NULL, 0 };
}

void spare_lend(struct spare *spare, struct buf *buf)
{
	if (buf->capacity || spare->capacity > buf->max)
		return;
	buf->data = spare->data;
	buf->capacity = spare->capacity;
	*spare = (struct spare){ NULL, 0 };
}

void spare_take(struct spare *spare, struct buf *buf)
{
	size_t max = buf->max;

	if (!spare->data && buf->capacity <= SPARE_MAX)
		*spare = (struct spare){ buf->data, buf->capacity };
	else
		free(buf->data);
	buf_init(buf, max);
}
