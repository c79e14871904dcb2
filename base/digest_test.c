#include "base/digest.h"

#include "base/cleanup.h"
#include "base/test.h"

START_TEST(sha256_agrees_with_the_standard)
{
	char text[DIGEST_TEXT_MAX]; /* FIPS 180-2 appendix B.1 */
	ck_assert_str_eq(digest_sha256("abc", 3, text),
			 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
END_TEST

START_TEST(base64_goes_both_ways)
{
	struct buf out;
	buf_init(&out, 64);
	AUTO_FREE char *text = base64_encode("a:b\xff", 4);
	ck_assert_str_eq(text, "YTpi/w==");
	ck_assert(base64_decode(text, 8, &out));
	ck_assert_mem_eq(out.data, "a:b\xff", 4);
	ck_assert_uint_eq(out.size, 4);
	ck_assert(!base64_decode("YT!i", 4, &out));
	ck_assert(!base64_decode("YTp", 3, &out));
	buf_done(&out);
}
END_TEST

TEST_MAIN("base.digest", sha256_agrees_with_the_standard, base64_goes_both_ways)
