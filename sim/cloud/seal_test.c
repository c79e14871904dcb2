#include "sim/cloud/seal.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/test.h"

START_TEST(what_was_sealed_opens_with_its_key_only)
{
	struct seal one, other;

	seal_init(&one);
	seal_init(&other);
	AUTO_FREE char *sealed = seal_close(&one, "sam");
	AUTO_FREE char *opened = seal_open(&one, sealed);
	ck_assert_str_eq(opened, "sam");
	ck_assert_ptr_null(seal_open(&other, sealed));
	seal_done(&one);
	seal_done(&other);
}
END_TEST

START_TEST(a_touched_seal_does_not_open)
{
	struct seal seal;

	seal_init(&seal);
	AUTO_FREE char *sealed = seal_close(&seal, "sam");
	for (size_t i = 0; sealed[i] && sealed[i] != '='; i += 4) {
		char kept = sealed[i];
		sealed[i] = kept == 'A' ? 'B' : 'A';
		ck_assert_ptr_null(seal_open(&seal, sealed));
		sealed[i] = kept;
	}
	ck_assert_ptr_null(seal_open(&seal, ""));
	ck_assert_ptr_null(seal_open(&seal, "AAAA"));
	seal_done(&seal);
}
END_TEST

START_TEST(the_same_text_never_looks_the_same_but_has_one_handle)
{
	char first[DIGEST_TEXT_MAX], second[DIGEST_TEXT_MAX];
	struct seal seal;

	seal_init(&seal);
	AUTO_FREE char *one = seal_close(&seal, "sam");
	AUTO_FREE char *other = seal_close(&seal, "sam");
	ck_assert_str_ne(one, other);
	ck_assert_str_eq(seal_handle(&seal, "sam", first), seal_handle(&seal, "sam", second));
	ck_assert_str_ne(seal_handle(&seal, "eve", second), first);
	seal_done(&seal);
}
END_TEST

TEST_MAIN("sim.cloud.seal", what_was_sealed_opens_with_its_key_only, a_touched_seal_does_not_open,
	  the_same_text_never_looks_the_same_but_has_one_handle)
