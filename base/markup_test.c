#include "base/markup.h"

#include "base/test.h"

START_TEST(text_and_attributes_are_always_escaped)
{
	struct buf out;
	struct markup m;
	buf_init(&out, 4096);
	markup_init(&m, &out, true);
	markup_begin(&m, "p");
	markup_attr(&m, "title", "\"<>&'");
	markup_text(&m, "<b>\x1b\xff&");
	markup_begin(&m, "br");
	markup_end(&m);
	markup_element(&m, "i", NULL, "x");
	markup_end(&m);
	ck_assert_str_eq(
		buf_text(&out),
		"<p title=\"&quot;&lt;&gt;&amp;&#39;\">&lt;b&gt;\xef\xbf\xbd\xef\xbf\xbd&amp;"
		"<br><i>x</i></p>");
	buf_done(&out);
}
END_TEST

START_TEST(empty_xml_elements_close_themselves)
{
	struct buf out;
	struct markup m;
	buf_init(&out, 4096);
	markup_init(&m, &out, false);
	markup_begin(&m, "a");
	markup_begin(&m, "b");
	markup_end(&m);
	markup_end(&m);
	ck_assert_str_eq(buf_text(&out), "<a><b/></a>");
	buf_done(&out);
}
END_TEST

TEST_MAIN("base.markup", text_and_attributes_are_always_escaped,
	  empty_xml_elements_close_themselves)
