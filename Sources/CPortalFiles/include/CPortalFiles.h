#ifndef C_PORTAL_FILES_H
#define C_PORTAL_FILES_H

#include <stddef.h>

/// One file of the portal, part of the program itself.
typedef struct {
    /// Below the module's folder, such as `Templates/dashboard.mustache`; null past the last file.
    const char *_Nullable path;
    const unsigned char *_Nullable bytes;
    size_t count;
} loop_portal_file;

/// The file with this number, counted from 0.
loop_portal_file loop_portal_file_at(size_t index);

#endif
