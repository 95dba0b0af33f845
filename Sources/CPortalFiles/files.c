// Written by scripts/embed.

#include "CPortalFiles.h"

static const loop_portal_file files[] = {
};

loop_portal_file loop_portal_file_at(size_t index) {
    static const loop_portal_file none = {0, 0, 0};
    return index < sizeof files / sizeof files[0] ? files[index] : none;
}
