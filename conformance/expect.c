#include "conformance/expect.h"

#include <stddef.h>

const struct expect_kind *const expect_kinds[] = {
	&expect_seen,    &expect_never, &expect_items, &expect_upload, &expect_complete,
	&expect_backoff, &expect_final, &expect_kept,  &expect_spread, NULL,
};
