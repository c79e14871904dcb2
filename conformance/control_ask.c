#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "conformance/control.h"

enum { WITHIN_MS = 30000, ANSWER_MAX = 1 << 30, CHUNK = 1 << 18 };

/* One question on its way. */
struct asking {
	int fd;
	struct watch *watch;
	struct buf out, in;
	bool over;
};

static bool is_over(void *arg)
{
	return ((struct asking *)arg)->over;
}

static void send_more(struct asking *asking)
{
	ssize_t sent = send(asking->fd, asking->out.data, asking->out.size, MSG_NOSIGNAL);

	if (sent > 0)
		buf_drop(&asking->out, (size_t)sent);
	else if (sent < 0 && errno != EAGAIN && errno != EINTR)
		asking->over = true;
	if (!asking->out.size)
		watch_set(asking->watch, LOOP_READ);
}

static void take_more(struct asking *asking)
{
	static uint8_t chunk[CHUNK];
	ssize_t size = recv(asking->fd, chunk, sizeof(chunk), 0);

	if (size < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	asking->over =
		size <= 0 || !buf_add(&asking->in, chunk, (size_t)size) || chunk[size - 1] == '\n';
}

static void on_socket(void *arg, unsigned events)
{
	struct asking *asking = arg;

	if (events & LOOP_WRITE)
		send_more(asking);
	if (events & LOOP_READ)
		take_more(asking);
}

static int reach(const char *path, struct error *err)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof(address.sun_path))
		return error_set(err, ENAMETOOLONG, "found a path that is too long: %s", path);
	memcpy(address.sun_path, path, strlen(path) + 1);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	int code = errno;
	if (fd >= 0)
		close(fd);
	return error_set(err, code, "no living fleet answers at %s: %s; start one with ecsp up",
			 path, strerror(code));
}

static json_t *read_answer(const struct buf *text, struct error *err)
{
	if (!text->size || text->data[text->size - 1] != '\n') {
		error_set(err, ETIMEDOUT, "the fleet gave no answer");
		return NULL;
	}
	json_t *answer = json_read_text(buf_text(text), text->size - 1, "answer", err);
	const char *refusal = answer ? json_text_of(answer, "error", NULL) : NULL;
	if (!refusal)
		return answer;
	error_set(err, EINVAL, "%s", refusal);
	json_decref(answer);
	return NULL;
}

json_t *control_ask(const char *path, const json_t *request, struct error *err)
{
	AUTO_FREE char *text = json_text(request);
	struct asking asking = { .fd = reach(path, err) };

	if (asking.fd < 0)
		return NULL;
	struct loop *loop = loop_new();
	buf_init(&asking.out, REQUEST_MAX + 1);
	buf_init(&asking.in, ANSWER_MAX);
	buf_add_text(&asking.out, text);
	buf_add_u8(&asking.out, '\n');
	asking.watch = watch_new(loop, asking.fd, LOOP_READ | LOOP_WRITE, on_socket, &asking);
	json_t *answer = NULL;
	if (asking.out.failed)
		error_set(err, EINVAL, "found a request of more than %d bytes", REQUEST_MAX);
	else if (!loop_run_until(loop, is_over, &asking, WITHIN_MS))
		error_set(err, ETIMEDOUT, "the fleet did not answer within %d s", WITHIN_MS / 1000);
	else
		answer = read_answer(&asking.in, err);
	watch_free(asking.watch);
	close(asking.fd);
	buf_done(&asking.out);
	buf_done(&asking.in);
	loop_free(loop);
	return answer;
}

/* A number, true or false; all else is a word. No parameter is null: it is the name of an SNMP
 * type. */
static json_t *read_value(const char *text)
{
	json_t *value = json_read_text(text, strlen(text), "value", NULL);

	if (value && !json_is_null(value))
		return value;
	json_decref(value);
	return json_lossy_text(text, strlen(text));
}

json_t *control_pairs(char *const *words, int count, struct error *err)
{
	json_t *object = json_object();

	for (int i = 0; i < count; i++) {
		const char *equals = strchr(words[i], '=');
		if (!equals || equals == words[i]) {
			error_set(err, EINVAL, "found '%s', expected NAME=VALUE", words[i]);
			json_decref(object);
			return NULL;
		}
		AUTO_FREE char *name = alloc_bytes(words[i], (size_t)(equals - words[i]));
		const char *text = equals + 1;
		json_object_set_new(object, name, read_value(text));
	}
	return object;
}
