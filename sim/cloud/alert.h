/* alert.h: the names of TLS alerts as RFC 8446 and RFC 5246 write them. */
#ifndef SIM_CLOUD_ALERT_H
#define SIM_CLOUD_ALERT_H

enum { ALERT_CLOSE_NOTIFY = 0, ALERT_PROTOCOL_VERSION = 70 };

/* "certificate_expired"; a number no RFC names gives "unassigned". */
const char *alert_name(int number);

#endif
