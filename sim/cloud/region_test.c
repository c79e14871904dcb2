/* Regions as curl sees them from outside, and as their files look from inside. */
#include "sim/cloud/region.h"

#include "sim/cloud/cloud_fixture.h"

static const char *const both[] = { "eu", "cn", NULL };
static const char *const serials[] = { "X8G9000415", NULL };
static char *store; /* path of the nameless region's */

/* Further requests go to the server of this region; "" for the nameless one. */
static void speak_to(const char *region)
{
	AUTO_FREE char *host = alloc_printf("api.%s%secsp.example", region, *region ? "." : "");
	snprintf(base, sizeof(base), "https://%s:%s", host, port_text);
	snprintf(resolve, sizeof(resolve), "%s:%s:127.0.0.1", host, port_text);
}

static void setup_regions(void)
{
	loop = loop_new();
	journal = json_array();
	buf_init(&spoken, OUTPUT_MAX);
	snprintf(folder, sizeof(folder), "/tmp/cloud-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	store = path_of("store");
	cloud = cloud_new(
		&(struct cloud_options){
			.loop = loop, .tap = &tap, .store_path = store, .regions = both },
		&err);
	ck_assert_msg(cloud, "%s", err.text);
	begin_listening();
	write_file("ca.pem", cloud_ca(cloud));
	ck_assert(!cloud_add_region_agent(cloud, "eu", "dc-0001", "secret", "dc", &err));
	ck_assert(!cloud_add_region_agent(cloud, "cn", "dc-0002", "other", "dc", &err));
	ck_assert(!cloud_add_region_user(cloud, "eu", "erika", serials, &err));
	ck_assert(!cloud_add_region_user(cloud, "cn", "chen", serials, &err));
}

/* Does the file of a region, or what SQLite keeps beside it, hold the text? */
static bool holds(const char *region, const char *text)
{
	static const char *const parts[] = { "", "-wal" };
	bool found = false;

	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		AUTO_FREE char *path =
			alloc_printf("%s%s%s%s", store, *region ? "." : "", region, parts[i]);
		size_t size = 0;
		AUTO_FREE char *bytes = file_read(path, OUTPUT_MAX, &size, NULL);
		found = found || (bytes && memmem(bytes, size, text, strlen(text)));
		ck_assert_msg(bytes || *parts[i], "%s cannot be read", path);
	}
	return found;
}

static void teardown_regions(void)
{
	teardown();
	for (size_t i = 0; both[i]; i++) {
		AUTO_FREE char *path = alloc_printf("%s.%s", store, both[i]);
		unlink(path);
	}
	rmdir(folder);
	free(store);
}

START_TEST(what_an_agent_brings_stays_in_its_region)
{
	/* Of an upload, a login, a command and its user, and of who tried what. */
	static const char *const marks[] = { "8b0c1d2e-0000-4000-8000-000000000001", "X8G9000415",
					     "dc-0001", "agent-host", "erika" };
	struct command command = {
		.user = "erika", .agent = "dc-0001", .serial = "X8G9000415", .operation = "status"
	};
	char id[40];

	setup_regions();
	speak_to("eu");
	sign_on();
	ck_assert_int_eq(send_upload("k"), 0);
	ck_assert_ptr_nonnull(strstr(output, " 201"));
	cloud_command(cloud, &command, id, &err); /* not subscribed, but sent on its way */
	expect("command.sent", "user", "erika");
	ck_assert_int_eq(cloud_revoke(cloud, "dc-0001", true, &err), 0);
	for (size_t i = 0; i < COUNT_OF(marks); i++) {
		ck_assert_msg(holds("eu", marks[i]), "%s is not in its own", marks[i]);
		ck_assert_msg(!holds("cn", marks[i]), "%s is in another region", marks[i]);
		ck_assert_msg(!holds("", marks[i]), "%s is outside its region", marks[i]);
	}
	ck_assert(!holds("eu", "dc-0002") && !holds("eu", "chen"));
	teardown_regions();
}
END_TEST

/* The whole answer but its date. */
static char *answer_to(const char *login)
{
	ck_assert_int_eq(CURL("-i", "-u", login, "-H", "Content-Type: application/json", "-X",
			      "PUT", "-d", registration, url("/v1/agents/dc-0001")),
			 0);
	char *date = strstr(output, "Date: ");
	ck_assert_ptr_nonnull(date);
	memset(date, '.', strcspn(date, "\r"));
	return alloc_text(output);
}

START_TEST(another_regions_server_does_not_know_an_account_from_none)
{
	setup_regions();
	speak_to("eu");
	AUTO_FREE char *known = answer_to("dc-0001:secret");
	ck_assert_ptr_nonnull(strstr(known, " 201 "));
	speak_to("cn");
	AUTO_FREE char *elsewhere = answer_to("dc-0001:secret");
	AUTO_FREE char *wrong = answer_to("dc-0001:wrong");
	ck_assert_ptr_nonnull(strstr(elsewhere, " 401 "));
	ck_assert_str_eq(elsewhere, wrong);
	speak_to("");
	AUTO_FREE char *nowhere = answer_to("dc-0001:secret");
	ck_assert_str_eq(nowhere, wrong);
	teardown_regions();
}
END_TEST

START_TEST(a_connection_to_one_region_is_none_to_another)
{
	setup_regions();
	speak_to("eu");
	ck_assert_int_eq(CURL("-i", LOGIN, "-H", "Host: api.cn.ecsp.example", "-X", "PUT", "-d",
			      registration, url("/v1/agents/dc-0001")),
			 0);
	ck_assert_ptr_nonnull(strstr(output, "HTTP/1.1 421 Misdirected Request\r\n"));
	ck_assert_ptr_null(strstr(output, "dc-0001"));
	ck_assert_int_eq(count_of("agent.registered"), 0);
	teardown_regions();
}
END_TEST

START_TEST(a_support_user_finds_no_agent_of_another_region)
{
	struct command command = {
		.user = "chen", .agent = "dc-0001", .serial = "X8G9000415", .operation = "status"
	};
	char id[40];

	setup_regions();
	ck_assert_int_lt(cloud_command(cloud, &command, id, &err), 0);
	expect("command.refused", "why", "no such agent");
	ck_assert(!holds("eu", "chen"));
	ck_assert_int_lt(cloud_add_region_agent(cloud, "cn", "dc-0001", "x", "dc", &err), 0);
	ck_assert_int_lt(cloud_add_region_agent(cloud, "mars", "dc-9", "x", "dc", &err), 0);
	teardown_regions();
}
END_TEST

/* The same names in both tenants of a region, and in the other region. */
START_TEST(two_tenants_and_two_regions_share_nothing)
{
	static const char *const users[] = { "sam", "eve", "chen" };
	static const char *const agents[] = { "dc-0001", "dc-0003", "dc-0002" };

	setup_regions();
	ck_assert(!cloud_add_region_agent(cloud, "", "dc-0003", "third", "dc", &err));
	ck_assert(!cloud_set_tenant(cloud, "dc-0003", "other", &err));
	ck_assert(!cloud_add_support_user(cloud, "sam", serials, &err));
	ck_assert(!cloud_add_tenant_user(cloud, "other", "eve", serials, &err));
	ck_assert(!cloud_add_region_agent(cloud, "", "dc-0004", "fourth", "dc", &err));
	for (size_t u = 0; u < COUNT_OF(users); u++) {
		for (size_t a = 0; a < COUNT_OF(agents); a++) {
			struct command command = { .user = users[u],
						   .agent = agents[a],
						   .serial = "X8G9000415",
						   .operation = "status" };
			char id[40];
			int before = count_of("command.sent");
			bool own = u == a && u > 0; /* sam has charge of none of these */
			cloud_command(cloud, &command, id, &err);
			ck_assert_msg((count_of("command.sent") > before) == own, "%s of %s",
				      agents[a], users[u]);
		}
	}
	teardown_regions();
}
END_TEST

START_TEST(a_host_name_tells_its_region)
{
	static const struct {
		const char *host, *region;
	} rows[] = {
		{ "api.ecsp.example", "" },
		{ "MQTT.EU.ecsp.example", "eu" },
		{ "api.cn.ecsp.example:443", "cn" },
		{ "service.ecsp.example:8443", "" },
		{ "api.eu.ecsp.example.attacker.example", NULL },
		{ "api.mars.ecsp.example", NULL },
		{ "eu.ecsp.example", NULL },
		{ "127.0.0.1", NULL },
		{ "", NULL },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *region = region_of_host(rows[i].host);
		ck_assert_msg((!region && !rows[i].region) ||
				      (region && rows[i].region && !strcmp(region, rows[i].region)),
			      "%s: %s", rows[i].host, region ? region : "none");
	}
}
END_TEST

TEST_MAIN("sim.cloud.region", what_an_agent_brings_stays_in_its_region,
	  another_regions_server_does_not_know_an_account_from_none,
	  a_connection_to_one_region_is_none_to_another,
	  a_support_user_finds_no_agent_of_another_region,
	  two_tenants_and_two_regions_share_nothing, a_host_name_tells_its_region)
