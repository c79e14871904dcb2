#include "agents/common/mqtt_desk.h"

#include <errno.h>
#include <pthread.h>

#include "base/buf.h"

struct job {
	struct job *next;
	void (*run)(void *arg); /* NULL: the last */
	void *arg;
};

static struct desk {
	size_t users;
	bool given_up;
	pthread_t thread;
	pthread_mutex_t lock; /* for all below */
	pthread_cond_t job_there;
	struct job *jobs, **end;
} desk = {
	.lock = PTHREAD_MUTEX_INITIALIZER,
	.job_there = PTHREAD_COND_INITIALIZER,
	.end = &desk.jobs,
};

static struct job *next_job(void)
{
	pthread_mutex_lock(&desk.lock);
	while (!desk.jobs)
		pthread_cond_wait(&desk.job_there, &desk.lock);
	struct job *job = desk.jobs;
	desk.jobs = job->next;
	if (!desk.jobs)
		desk.end = &desk.jobs;
	pthread_mutex_unlock(&desk.lock);
	return job;
}

static void *thread_run(void *arg)
{
	bool last = false;

	(void)arg;
	while (!last) {
		struct job *job = next_job();
		last = !job->run;
		if (!last)
			job->run(job->arg);
		free(job);
	}
	return NULL;
}

void mqtt_desk_put(void (*run)(void *arg), void *arg)
{
	struct job *job = alloc_zero(1, sizeof(*job));

	job->run = run;
	job->arg = arg;
	pthread_mutex_lock(&desk.lock);
	*desk.end = job;
	desk.end = &job->next;
	pthread_cond_signal(&desk.job_there);
	pthread_mutex_unlock(&desk.lock);
}

int mqtt_desk_enter(struct error *err)
{
	if (!desk.users && pthread_create(&desk.thread, NULL, thread_run, NULL) != 0)
		return error_set(err, EAGAIN, "mqtt: cannot start its thread");
	desk.users++;
	return 0;
}

void mqtt_desk_leave(void)
{
	if (--desk.users || desk.given_up)
		return;
	mqtt_desk_put(NULL, NULL);
	pthread_join(desk.thread, NULL);
}

void mqtt_desk_give_up(void)
{
	desk.given_up = true;
}

bool mqtt_desk_given_up(void)
{
	return desk.given_up;
}
