#include "sim/world/recorder.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/buf.h"
#include "base/test.h"
#include "sim/world/packet.h"

static const char path[] = "capture.pcapng";
static char folder[] = "/tmp/recorder-XXXXXX";

static void enter_folder(void)
{
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chdir(folder), 0);
}

/* What tshark prints of the file in the folder. */
static char *read_by_tshark(const char *const *more)
{
	const char *argv[32] = { "tshark", "-r", path };
	static char text[65536];
	size_t used = 0;
	ssize_t size;
	int ends[2];

	for (size_t i = 0; more[i]; i++)
		argv[3 + i] = more[i];
	ck_assert_int_eq(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		dup2(ends[1], STDOUT_FILENO);
		setenv("HOME", "/nonexistent", 1);
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	close(ends[1]);
	while ((size = read(ends[0], text + used, sizeof(text) - 1 - used)) > 0)
		used += (size_t)size;
	close(ends[0]);
	text[used] = 0;
	int status;
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0,
		      "tshark ended with %d; is it installed (see ci/packages)?", status);
	return text;
}

static void record_datagram(struct recorder *recorder, int64_t wall_ns)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 1 };
	uint8_t frame[128];
	struct packet_ends ends = {
		.from = 0x0a000005, .to = 0x0a100001, .from_port = 50000, .to_port = 9999
	};

	packet_ethernet(frame, mac, mac, ETHERTYPE_IS_IPV4);
	size_t size = packet_udp(frame + ETHERNET_SIZE, &ends, "hello", 5);
	recorder_frame(recorder, wall_ns, true, frame, ETHERNET_SIZE + size);
}

START_TEST(tshark_reads_frames_plaintext_names_and_comments)
{
	struct recorder *recorder = recorder_new();
	struct recorder_plaintext piece = { .protocol = "http",
					    .from_agent = true,
					    .agent_address = 0x0a000005,
					    .cloud_address = 0xc633640a,
					    .agent_port = 50001,
					    .cloud_port = 443 };
	static const char request[] = "GET /v1/x HTTP/1.1\r\nHost: api.ecsp.example\r\n\r\n";
	struct error err;

	enter_folder();
	recorder_name(recorder, 0x0a100001, "printer-one");
	recorder_secret(recorder, "CLIENT_RANDOM 00 11");
	record_datagram(recorder, 1700000000123456789);
	uint64_t number = recorder_plaintext(recorder, 1700000000223456789, &piece, request,
					     sizeof(request) - 1);
	ck_assert_uint_eq(number, 2);
	ck_assert_uint_eq(recorder_frames(recorder), 1);
	ck_assert(recorder_comment(recorder, 1, "this is the one"));
	ck_assert(!recorder_comment(recorder, 3, "no such frame"));
	recorder_counters(recorder, 1, 0);
	ck_assert_int_eq(recorder_write(recorder, path, "fail", &err), 0);
	recorder_free(recorder);
	const char *const fields[] = { "-Nn",
				       "-T",
				       "fields",
				       "-e",
				       "frame.time_epoch",
				       "-e",
				       "_ws.col.Protocol",
				       "-e",
				       "_ws.col.Destination",
				       "-e",
				       "frame.comment",
				       "-e",
				       "http.request.uri",
				       NULL };
	const char *text = read_by_tshark(fields);
	ck_assert_msg(strstr(text, "1700000000.123456789\tUDP\tprinter-one\tthis is the one"),
		      "found %s", text);
	ck_assert_msg(strstr(text, "1700000000.223456789\tHTTP\t"), "found %s", text);
	ck_assert_msg(strstr(text, "/v1/x"), "found %s", text);
}
END_TEST

START_TEST(an_empty_capture_is_a_sound_file)
{
	struct recorder *recorder = recorder_new();
	const char *const fields[] = { NULL };
	struct error err;

	enter_folder();
	ck_assert_int_eq(recorder_write(recorder, path, NULL, &err), 0);
	recorder_free(recorder);
	ck_assert_str_eq(read_by_tshark(fields), "");
}
END_TEST

START_TEST(a_capture_beyond_the_ceiling_counts_what_it_lost)
{
	struct recorder *recorder = recorder_new();
	static uint8_t frame[1 << 20];

	for (int i = 0; i < 600; i++)
		recorder_frame(recorder, 0, true, frame, sizeof(frame));
	ck_assert_uint_eq(recorder_frames(recorder) + recorder_lost(recorder), 600);
	ck_assert_uint_eq(recorder_frames(recorder), 512);
	recorder_free(recorder);
}
END_TEST

START_TEST(a_full_disk_is_an_error)
{
	struct recorder *recorder = recorder_new();
	struct error err;

	record_datagram(recorder, 1);
	ck_assert_int_lt(recorder_write(recorder, "/dev/full", NULL, &err), 0);
	ck_assert_ptr_nonnull(strstr(err.text, "No space"));
	recorder_free(recorder);
}
END_TEST

TEST_MAIN("world.recorder", tshark_reads_frames_plaintext_names_and_comments,
	  an_empty_capture_is_a_sound_file, a_capture_beyond_the_ceiling_counts_what_it_lost,
	  a_full_disk_is_an_error)
