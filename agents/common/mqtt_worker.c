#include "agents/common/mqtt_worker.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "agents/common/mqtt_desk.h"
#include "agents/common/mqtt_link.h"
#include "base/buf.h"
#include "base/cleanup.h"

/* Put on the desk; texts and data owned. */
struct work {
	struct mqtt_worker *worker;
	struct mqtt_call call;
};

struct news {
	struct news *next;
	struct mqtt_event event;
};

struct mqtt_worker {
	struct mqtt_worker_options options;
	struct mqtt_options mqtt; /* a copy: the desk may be late, see wait_gone */
	struct watch *watch;
	int wake_fd;
	struct mqtt_link *link; /* of the desk alone */
	struct mqtt_store *store;

	pthread_mutex_t lock;   /* for all below */
	pthread_cond_t changed; /* taken, stop or gone */
	struct news *news, **news_end;
	uint64_t arrived, taken; /* messages, so that a call back can wait for the loop */
	bool stop, gone;
};

/* ---- any thread ---- */

static void put_news(struct mqtt_worker *worker, const struct mqtt_event *event)
{
	struct news *news = alloc_zero(1, sizeof(*news));
	uint64_t one = 1;

	news->event = *event;
	news->event.topic = alloc_text(event->topic);
	news->event.data = event->data ? alloc_bytes(event->data, event->size) : NULL;
	pthread_mutex_lock(&worker->lock);
	*worker->news_end = news;
	worker->news_end = &news->next;
	pthread_mutex_unlock(&worker->lock);
	if (write(worker->wake_fd, &one, sizeof(one)) < 0 && errno != EAGAIN)
		abort(); /* an eventfd takes any count */
}

/* Waits until the loop has kept the message: paho acknowledges it after this returns. */
static void wait_taken(struct mqtt_worker *worker)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += 2;
	pthread_mutex_lock(&worker->lock);
	uint64_t mine = ++worker->arrived;
	int status = 0;
	while (worker->taken < mine && !worker->stop && status == 0)
		status = pthread_cond_timedwait(&worker->changed, &worker->lock, &until);
	pthread_mutex_unlock(&worker->lock);
}

static void on_event(void *arg, const struct mqtt_event *event)
{
	struct mqtt_worker *worker = arg;

	put_news(worker, event);
	if (event->kind == MQTT_ARRIVED)
		wait_taken(worker);
}

/* ---- the desk ---- */

static void drop(struct mqtt_worker *worker)
{
	mqtt_link_free(worker->link);
	worker->link = NULL;
}

static void do_call(struct mqtt_worker *worker, const struct mqtt_call *call)
{
	bool current = worker->link && mqtt_link_generation(worker->link) == call->generation;

	switch (call->kind) {
	case MQTT_CALL_CONNECT:
		drop(worker);
		worker->link =
			mqtt_link_new(&(struct mqtt_link_options){ .mqtt = &worker->mqtt,
								   .store = worker->store,
								   .keep_alive_s = call->number,
								   .generation = call->generation,
								   .event = on_event,
								   .arg = worker });
		break;
	case MQTT_CALL_SUBSCRIBE:
		if (current)
			mqtt_link_subscribe(worker->link, call->topic);
		break;
	case MQTT_CALL_PUBLISH:
		if (current)
			mqtt_link_publish(worker->link, call->topic, call->data, call->size,
					  call->number);
		break;
	case MQTT_CALL_DISCONNECT:
		if (current)
			mqtt_link_disconnect(worker->link, (uint8_t)call->number);
		break;
	case MQTT_CALL_DROP:
		drop(worker);
		break;
	}
}

static void do_work(void *arg)
{
	struct work *work = arg;

	do_call(work->worker, &work->call);
	free((char *)work->call.topic);
	free((char *)work->call.data);
	free(work);
}

/* The last thing that the desk does for it. */
static void do_end(void *arg)
{
	struct mqtt_worker *worker = arg;

	drop(worker);
	pthread_mutex_lock(&worker->lock);
	worker->gone = true;
	pthread_cond_broadcast(&worker->changed);
	pthread_mutex_unlock(&worker->lock);
}

/* ---- loop ---- */

void mqtt_worker_call(struct mqtt_worker *worker, const struct mqtt_call *call)
{
	struct work *work = alloc_zero(1, sizeof(*work));

	work->worker = worker;
	work->call = *call;
	work->call.topic = alloc_text(call->topic);
	work->call.data = call->data ? alloc_bytes(call->data, call->size) : NULL;
	mqtt_desk_put(do_work, work);
}

static struct news *take_news(struct mqtt_worker *worker)
{
	pthread_mutex_lock(&worker->lock);
	struct news *news = worker->news;
	if (news) {
		worker->news = news->next;
		if (!worker->news)
			worker->news_end = &worker->news;
	}
	pthread_mutex_unlock(&worker->lock);
	return news;
}

static void mark_taken(struct mqtt_worker *worker)
{
	pthread_mutex_lock(&worker->lock);
	worker->taken++;
	pthread_cond_broadcast(&worker->changed);
	pthread_mutex_unlock(&worker->lock);
}

static void free_news(struct news *news)
{
	free((char *)news->event.topic);
	free((char *)news->event.data);
	free(news);
}

static void woken(void *arg, unsigned flags)
{
	struct mqtt_worker *worker = arg;
	uint64_t count;
	struct news *news;

	(void)flags;
	if (read(worker->wake_fd, &count, sizeof(count)) < 0 && errno != EAGAIN && errno != EINTR)
		abort(); /* ours alone */
	while ((news = take_news(worker))) {
		worker->options.event(worker->options.arg, &news->event);
		if (news->event.kind == MQTT_ARRIVED)
			mark_taken(worker);
		free_news(news);
	}
}

static void locks_init(struct mqtt_worker *worker)
{
	pthread_condattr_t monotonic;

	pthread_mutex_init(&worker->lock, NULL);
	/* Somebody may set the calendar while it waits. */
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&worker->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
}

static void locks_done(struct mqtt_worker *worker)
{
	pthread_cond_destroy(&worker->changed);
	pthread_mutex_destroy(&worker->lock);
}

struct mqtt_worker *mqtt_worker_new(const struct mqtt_worker_options *options, struct error *err)
{
	int wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	if (wake_fd < 0)
		error_set(err, errno, "mqtt: cannot open its way back to the loop");
	if (wake_fd < 0 || mqtt_desk_enter(err) < 0) {
		if (wake_fd >= 0)
			close(wake_fd);
		return NULL;
	}
	struct mqtt_worker *worker = alloc_zero(1, sizeof(*worker));
	worker->options = *options;
	worker->mqtt = *options->mqtt;
	worker->news_end = &worker->news;
	worker->wake_fd = wake_fd;
	worker->store = mqtt_store_new();
	locks_init(worker);
	worker->watch = watch_new(options->mqtt->loop, worker->wake_fd, LOOP_READ, woken, worker);
	return worker;
}

/* False: paho still has it, and so it is left behind. */
static bool wait_gone(struct mqtt_worker *worker)
{
	struct timespec until;
	int status = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += 1;
	pthread_mutex_lock(&worker->lock);
	worker->stop = true;
	pthread_cond_broadcast(&worker->changed);
	while (!worker->gone && !mqtt_desk_given_up() && status == 0)
		status = pthread_cond_timedwait(&worker->changed, &worker->lock, &until);
	bool gone = worker->gone;
	pthread_mutex_unlock(&worker->lock);
	if (!gone)
		mqtt_desk_give_up();
	return gone;
}

void mqtt_worker_free(struct mqtt_worker *worker)
{
	struct news *news;

	if (!worker)
		return;
	mqtt_desk_put(do_end, worker);
	watch_free(worker->watch);
	bool gone = wait_gone(worker);
	mqtt_desk_leave();
	if (!gone)
		return;
	while ((news = take_news(worker)))
		free_news(news);
	close(worker->wake_fd);
	locks_done(worker);
	mqtt_store_free(worker->store);
	free(worker);
}
