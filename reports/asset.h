/* asset.h: the style sheet and the script of the page, as they lie beside this file. */
#ifndef REPORTS_ASSET_H
#define REPORTS_ASSET_H

extern const char asset_style[];  /* NUL-terminated */
extern const char asset_script[]; /* NUL-terminated */

#endif
