#include "conformance/control.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/line_server.h"

enum {
	CLIENTS_MAX = 32,
	SILENCE_MS = 10000,
	ANSWER_MAX = 1 << 30, /* the truth of the largest fleet */
};

struct control {
	const struct request_to *to;
	char *path;
	struct line_server *server;
};

char *control_default_path(void)
{
	const char *given = getenv("ECSP_CONTROL");
	const char *folder = getenv("XDG_RUNTIME_DIR");

	if (given && *given)
		return alloc_text(given);
	if (folder && *folder)
		return alloc_printf("%s/ecsp.sock", folder);
	return alloc_printf("/tmp/ecsp-%u.sock", geteuid());
}

static char *answer(void *arg, struct line_client *client, const char *line, size_t size)
{
	struct control *control = arg;
	AUTO_JSON json_t *answer = request_answer(control->to, line, size);

	(void)client;
	return json_text(answer);
}

/* ---- the socket ---- */

static int set_path(struct sockaddr_un *address, const char *path, struct error *err)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(address->sun_path))
		return error_set(err, ENAMETOOLONG, "found the path %s, expected at most %zu bytes",
				 path, sizeof(address->sun_path) - 1);
	memcpy(address->sun_path, path, strlen(path) + 1);
	return 0;
}

/* Takes away a socket of ours that nobody listens on any more. */
static int clear_path(const struct sockaddr_un *address, struct error *err)
{
	struct stat status;

	if (lstat(address->sun_path, &status) < 0)
		return 0;
	if (!S_ISSOCK(status.st_mode) || status.st_uid != geteuid())
		return error_set(err, EEXIST,
				 "found %s there already, expected no file or a "
				 "socket of this user",
				 address->sun_path);
	AUTO_CLOSE int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && (connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0 ||
			errno == EAGAIN))
		return error_set(err, EADDRINUSE,
				 "a living fleet already answers at %s; give this one another "
				 "--control PATH",
				 address->sun_path);
	unlink(address->sun_path);
	return 0;
}

static int open_socket(const char *path, struct error *err)
{
	struct sockaddr_un address;
	int status = set_path(&address, path, err);

	if (status == 0)
		status = clear_path(&address, err);
	if (status < 0)
		return status;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	mode_t before = umask(0177);
	bool bound = fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
	int code = errno;
	umask(before);
	if (bound && listen(fd, CLIENTS_MAX) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return error_set(err, code, "cannot listen at %s: %s", path, strerror(code));
}

struct control *control_new(struct loop *loop, const char *path, const struct request_to *to,
			    struct error *err)
{
	int fd = open_socket(path, err);
	if (fd < 0)
		return NULL;
	struct control *control = alloc_zero(1, sizeof(*control));
	control->to = to;
	control->path = alloc_text(path);
	control->server = line_server_new(&(struct line_server_options){
		.loop = loop,
		.fd = fd,
		.line_max = REQUEST_MAX,
		.answer_max = ANSWER_MAX,
		.clients_max = CLIENTS_MAX,
		.silence_ms = SILENCE_MS,
		.too_long = "{\"error\":\"found a line that is too long\"}",
		.too_many = "{\"error\":\"too many are asking at once\"}",
		.answer = answer,
		.arg = control });
	return control;
}

void control_free(struct control *control)
{
	if (!control)
		return;
	line_server_free(control->server);
	unlink(control->path);
	free(control->path);
	free(control);
}
