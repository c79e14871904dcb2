/* data.h: where the program finds its own data: scenarios, profiles, requirements, bindings. */
#ifndef CONFORMANCE_DATA_H
#define CONFORMANCE_DATA_H

/* Path of a data file or folder ("conformance/requirements.yaml"), caller frees. Looked for below
 * $ECSP_DATA, beside the program (../share/ecsp), in the source tree and in the install prefix. */
char *data_path(const char *name);

#endif
