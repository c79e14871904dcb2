/* post_inside.h: inside of one MQTT conversation, for its own files. */
#ifndef SIM_CLOUD_POST_INSIDE_H
#define SIM_CLOUD_POST_INSIDE_H

#include "sim/cloud/post.h"

/* cloud.mqtt-drip */
struct post_drip {
	struct buf waits;
	struct timer *timer;
	int64_t ms, bytes;
};

struct post {
	const struct talk *talk;
	struct tls_link *link;
	struct broker_client *client;
	struct buf input;
	struct timer *silence; /* no packet for too long; NULL: without a limit */
	uint64_t limit_ms;     /* between two packets; 0: none */
	uint64_t patience_ns;  /* until when the next one must be there, on the loop's scale */
	uint64_t rings_ns;     /* when the timer looks */
	uint8_t level;
	bool over;
	/* Faults of this conversation */
	bool deaf;              /* cloud.no-connack: reads on, answers nothing */
	int64_t heard;          /* packets of the agent that were answered */
	struct post_drip *drip; /* NULL: nothing drips */
};

/* post_tell.c: to the journal */
void post_tell(const struct post *post, const struct mqtt_packet *packet, bool from_agent);

/* post.c */
void post_write(struct post *post, const void *data, size_t size);
void post_send(struct post *post, const struct mqtt_packet *packet); /* faults aside */
void post_end(struct post *post, const char *why);
void post_stop_clock(struct post *post); /* no packet is awaited any more */

/* post_fault.c: asked at each point where something may go wrong on purpose. True: the fault has
 * taken the place of what was to be done. */
bool post_fault_heard(struct post *post, const struct mqtt_packet *packet);
bool post_fault_said(struct post *post, const struct mqtt_packet *packet);
void post_fault_answered(struct post *post, const struct mqtt_packet *packet);
void post_fault_done(struct post *post);

#endif
