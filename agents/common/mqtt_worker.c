#include "agents/common/mqtt_worker.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "agents/common/mqtt_link.h"
#include "base/buf.h"
#include "base/cleanup.h"

/* In a queue; texts and data owned. */
struct work {
	struct work *next;
	struct mqtt_call call;
};

struct news {
	struct news *next;
	struct mqtt_event event;
};

struct mqtt_worker {
	struct mqtt_worker_options options;
	struct mqtt_options mqtt; /* a copy: the thread may outlive its owner, see join_thread */
	struct watch *watch;
	int wake_fd;
	pthread_t thread;
	struct mqtt_link *link; /* of the thread alone */

	pthread_mutex_t lock; /* for all below */
	pthread_cond_t work_there, news_taken;
	struct work *work, **work_end;
	struct news *news, **news_end;
	uint64_t arrived, taken; /* messages, so that a call back can wait for the loop */
	bool stop;
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
	while (worker->taken < mine && status == 0)
		status = pthread_cond_timedwait(&worker->news_taken, &worker->lock, &until);
	pthread_mutex_unlock(&worker->lock);
}

static void on_event(void *arg, const struct mqtt_event *event)
{
	struct mqtt_worker *worker = arg;

	put_news(worker, event);
	if (event->kind == MQTT_ARRIVED)
		wait_taken(worker);
}

/* ---- the thread ---- */

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
			mqtt_link_publish(worker->link, call->topic, call->data, call->size);
		break;
	case MQTT_CALL_DISCONNECT:
		if (current)
			mqtt_link_disconnect(worker->link);
		break;
	case MQTT_CALL_DROP:
		drop(worker);
		break;
	}
}

/* NULL: it is time to stop, and all is done. */
static struct work *next_work(struct mqtt_worker *worker)
{
	pthread_mutex_lock(&worker->lock);
	while (!worker->work && !worker->stop)
		pthread_cond_wait(&worker->work_there, &worker->lock);
	struct work *work = worker->work;
	if (work)
		worker->work = work->next;
	if (!worker->work)
		worker->work_end = &worker->work;
	pthread_mutex_unlock(&worker->lock);
	return work;
}

static void *thread_run(void *arg)
{
	struct mqtt_worker *worker = arg;
	struct work *work;

	while ((work = next_work(worker))) {
		do_call(worker, &work->call);
		free((char *)work->call.topic);
		free((char *)work->call.data);
		free(work);
	}
	drop(worker);
	return NULL;
}

/* ---- loop ---- */

void mqtt_worker_call(struct mqtt_worker *worker, const struct mqtt_call *call)
{
	struct work *work = alloc_zero(1, sizeof(*work));

	work->call = *call;
	work->call.topic = alloc_text(call->topic);
	work->call.data = call->data ? alloc_bytes(call->data, call->size) : NULL;
	pthread_mutex_lock(&worker->lock);
	*worker->work_end = work;
	worker->work_end = &work->next;
	pthread_cond_signal(&worker->work_there);
	pthread_mutex_unlock(&worker->lock);
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
	pthread_cond_broadcast(&worker->news_taken);
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
	pthread_cond_init(&worker->work_there, NULL);
	/* Somebody may set the calendar while it waits. */
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&worker->news_taken, &monotonic);
	pthread_condattr_destroy(&monotonic);
}

static void locks_done(struct mqtt_worker *worker)
{
	pthread_cond_destroy(&worker->news_taken);
	pthread_cond_destroy(&worker->work_there);
	pthread_mutex_destroy(&worker->lock);
}

struct mqtt_worker *mqtt_worker_new(const struct mqtt_worker_options *options, struct error *err)
{
	struct mqtt_worker *worker = alloc_zero(1, sizeof(*worker));

	worker->options = *options;
	worker->mqtt = *options->mqtt;
	worker->news_end = &worker->news;
	worker->work_end = &worker->work;
	worker->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	locks_init(worker);
	if (worker->wake_fd < 0 || pthread_create(&worker->thread, NULL, thread_run, worker) != 0) {
		error_set(err, EAGAIN, "mqtt: cannot start its thread");
		if (worker->wake_fd >= 0)
			close(worker->wake_fd);
		locks_done(worker);
		free(worker);
		return NULL;
	}
	worker->watch = watch_new(options->mqtt->loop, worker->wake_fd, LOOP_READ, woken, worker);
	return worker;
}

/* paho may sit in a name lookup that nothing ends; then its thread is left to the end of the
 * process, which is near, and so is what it may still touch. */
static bool join_thread(struct mqtt_worker *worker)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += 1;
	return pthread_clockjoin_np(worker->thread, NULL, CLOCK_MONOTONIC, &until) == 0;
}

void mqtt_worker_free(struct mqtt_worker *worker)
{
	struct news *news;

	if (!worker)
		return;
	pthread_mutex_lock(&worker->lock);
	worker->stop = true;
	pthread_cond_signal(&worker->work_there);
	pthread_mutex_unlock(&worker->lock);
	mark_taken(worker);
	watch_free(worker->watch);
	if (!join_thread(worker))
		return;
	while ((news = take_news(worker)))
		free_news(news);
	close(worker->wake_fd);
	locks_done(worker);
	free(worker);
}
