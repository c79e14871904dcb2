/* ecsp report: draw reports from a result.json. */
#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "conformance/command.h"
#include "conformance/options.h"
#include "conformance/progress.h"
#include "reports/console.h"
#include "reports/report.h"

struct draw {
	const char *html, *junit, *csv;
};

static int draw_one(const json_t *result, const char *name, const char *path, struct error *err)
{
	struct buf out;
	if (!path)
		return 0;
	buf_init(&out, (size_t)REPORT_RESULT_MAX * 10);
	int status = report_writer_find(name)->write(result, &out, err);
	if (status == 0)
		status = file_write(path, out.data, out.size, err);
	buf_done(&out);
	return status;
}

static int draw(const struct draw *draw, const char *path, struct error *err)
{
	AUTO_JSON json_t *result = json_read_file(path, REPORT_RESULT_MAX, err);
	if (!result)
		return -EINVAL;
	int status = report_check(result, err);
	if (status < 0) {
		error_wrap(err, "%s", path);
		return status;
	}
	status = draw_one(result, "html", draw->html, err);
	if (status == 0)
		status = draw_one(result, "junit", draw->junit, err);
	if (status == 0)
		status = draw_one(result, "csv", draw->csv, err);
	if (status == 0 && !draw->html && !draw->junit && !draw->csv) {
		struct buf out;
		buf_init(&out, 64 << 20);
		report_console(result, &out, progress_color(), progress_width());
		fwrite(out.data, 1, out.size, stdout);
		buf_done(&out);
	}
	return status;
}

static int run_report(int argc, char **argv)
{
	struct draw wanted = { 0 };
	const struct option_row rows[] = {
		{ "html", OPTION_TEXT, &wanted.html, "FILE", "the page, one offline file" },
		{ "junit", OPTION_TEXT, &wanted.junit, "FILE", "for CI systems" },
		{ "csv", OPTION_TEXT, &wanted.csv, "FILE", "coverage of the data items" },
		{ NULL },
	};
	struct error err = { 0 };
	int rest;
	bool help;

	if (options_parse(rows, argc, argv, &rest, &help, &err) < 0)
		return command_usage(&cmd_report, &err);
	if (help)
		return command_help(&cmd_report, rows);
	if (rest != 1) {
		error_set(&err, EINVAL, "found %d files, expected one result.json", rest);
		return command_usage(&cmd_report, &err);
	}
	return draw(&wanted, argv[1], &err) < 0 ? command_usage(&cmd_report, &err) : EXIT_GOOD;
}

const struct command_row cmd_report = {
	.name = "report",
	.arguments = "[OPTION ...] RESULT.json",
	.help = "draw reports from a result; without options the table",
	.run = run_report,
};
