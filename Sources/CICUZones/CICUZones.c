#include "CICUZones.h"

#include <string.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

enum { kZoneIdCapacity = 128 };

static int32_t to_utf16(const char *text, UChar *buffer) {
    UErrorCode status = U_ZERO_ERROR;
    int32_t length = 0;
    u_strFromUTF8(buffer, kZoneIdCapacity, &length, text, -1, &status);
    return U_FAILURE(status) ? 0 : length;
}

static int32_t to_utf8(const UChar *text, int32_t length, char *out, int32_t capacity) {
    UErrorCode status = U_ZERO_ERROR;
    int32_t written = 0;
    u_strToUTF8(out, capacity, &written, text, length, &status);
    return U_FAILURE(status) ? 0 : written;
}

int32_t cicu_iana_for_windows(const char *windows_id, const char *region, char *out, int32_t capacity) {
    UChar input[kZoneIdCapacity], found[kZoneIdCapacity];
    int32_t length = to_utf16(windows_id, input);
    if (length == 0) return 0;
    UErrorCode status = U_ZERO_ERROR;
    int32_t result = ucal_getTimeZoneIDForWindowsID(input, length, region, found, kZoneIdCapacity, &status);
    if (U_FAILURE(status) || result == 0) return 0;
    return to_utf8(found, result, out, capacity);
}

int32_t cicu_windows_for_iana(const char *iana_id, char *out, int32_t capacity) {
    UChar input[kZoneIdCapacity], found[kZoneIdCapacity];
    int32_t length = to_utf16(iana_id, input);
    if (length == 0) return 0;
    UErrorCode status = U_ZERO_ERROR;
    int32_t result = ucal_getWindowsTimeZoneID(input, length, found, kZoneIdCapacity, &status);
    if (U_FAILURE(status) || result == 0) return 0;
    return to_utf8(found, result, out, capacity);
}

int32_t cicu_canonical_iana(const char *iana_id, char *out, int32_t capacity) {
    UChar input[kZoneIdCapacity], found[kZoneIdCapacity];
    int32_t length = to_utf16(iana_id, input);
    if (length == 0) return 0;
    UErrorCode status = U_ZERO_ERROR;
    UBool is_system = 0;
    int32_t result = ucal_getCanonicalTimeZoneID(input, length, found, kZoneIdCapacity, &is_system, &status);
    if (U_FAILURE(status) || result == 0 || !is_system) return 0;
    return to_utf8(found, result, out, capacity);
}

const char *cicu_tzdata_version(void) {
    UErrorCode status = U_ZERO_ERROR;
    const char *version = ucal_getTZDataVersion(&status);
    return U_FAILURE(status) ? "unknown" : version;
}
