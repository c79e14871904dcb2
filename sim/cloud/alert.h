/* alert.h: the names of TLS alerts as RFC 8446 and RFC 5246 write them. */
#ifndef SIM_CLOUD_ALERT_H
#define SIM_CLOUD_ALERT_H

enum { ALERT_CLOSE_NOTIFY = 0, ALERT_PROTOCOL_VERSION = 70 };

/* All names, NULL-terminated. */
extern const char *const alert_names[];

/* "certificate_expired"; a number no RFC names gives "unassigned". */
const char *alert_name(int number);

/* -1: no such name. */
int alert_number(const char *name);

#endif
