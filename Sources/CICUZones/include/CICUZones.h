#ifndef CICUZONES_H
#define CICUZONES_H

#include <stdint.h>

// Plain C functions over ICU's time zone tables. ICU's own headers stay inside the .c file: exposed to Swift they clash
// with the copy of ICU inside Foundation.

/// The IANA zone for a Windows zone id in a region ("001" for the default). Writes UTF-8 into `out`; returns its length,
/// or 0 when the id is unknown.
int32_t cicu_iana_for_windows(const char *windows_id, const char *region, char *out, int32_t capacity);

/// The Windows zone id for an IANA zone or alias. Returns the length, or 0 when there is none.
int32_t cicu_windows_for_iana(const char *iana_id, char *out, int32_t capacity);

/// ICU's canonical id of an IANA zone or alias. Returns the length, or 0 when the zone is unknown.
int32_t cicu_canonical_iana(const char *iana_id, char *out, int32_t capacity);

/// The version of ICU's time zone data, such as "2022e".
const char *cicu_tzdata_version(void);

#endif
