// Written by scripts/embed.

// #embed is C23; the package stays at what SwiftPM asks for.
#pragma clang diagnostic ignored "-Wc23-extensions"

#include "CPortalFiles.h"

static const unsigned char file_0[] = {
#embed "Static/icons.svg"
};

static const unsigned char file_1[] = {
#embed "Static/mark.svg"
};

static const unsigned char file_2[] = {
#embed "Static/portal.css"
};

static const unsigned char file_3[] = {
#embed "Static/portal.js"
};

static const unsigned char file_4[] = {
#embed "Templates/account-fields.mustache"
};

static const unsigned char file_5[] = {
#embed "Templates/account.mustache"
};

static const unsigned char file_6[] = {
#embed "Templates/api-chapters.mustache"
};

static const unsigned char file_7[] = {
#embed "Templates/api-fields.mustache"
};

static const unsigned char file_8[] = {
#embed "Templates/api-type.mustache"
};

static const unsigned char file_9[] = {
#embed "Templates/api.mustache"
};

static const unsigned char file_10[] = {
#embed "Templates/booking-cancel.mustache"
};

static const unsigned char file_11[] = {
#embed "Templates/booking.mustache"
};

static const unsigned char file_12[] = {
#embed "Templates/bookings.mustache"
};

static const unsigned char file_13[] = {
#embed "Templates/clash.mustache"
};

static const unsigned char file_14[] = {
#embed "Templates/clashes.mustache"
};

static const unsigned char file_15[] = {
#embed "Templates/dashboard.mustache"
};

static const unsigned char file_16[] = {
#embed "Templates/drift-confirm.mustache"
};

static const unsigned char file_17[] = {
#embed "Templates/drift-link.mustache"
};

static const unsigned char file_18[] = {
#embed "Templates/drift.mustache"
};

static const unsigned char file_19[] = {
#embed "Templates/error-summary.mustache"
};

static const unsigned char file_20[] = {
#embed "Templates/foot.mustache"
};

static const unsigned char file_21[] = {
#embed "Templates/form-token.mustache"
};

static const unsigned char file_22[] = {
#embed "Templates/frame.mustache"
};

static const unsigned char file_23[] = {
#embed "Templates/held-confirm.mustache"
};

static const unsigned char file_24[] = {
#embed "Templates/held.mustache"
};

static const unsigned char file_25[] = {
#embed "Templates/kept-fields.mustache"
};

static const unsigned char file_26[] = {
#embed "Templates/kept-form.mustache"
};

static const unsigned char file_27[] = {
#embed "Templates/leavers-act.mustache"
};

static const unsigned char file_28[] = {
#embed "Templates/leavers.mustache"
};

static const unsigned char file_29[] = {
#embed "Templates/lone.mustache"
};

static const unsigned char file_30[] = {
#embed "Templates/mark.mustache"
};

static const unsigned char file_31[] = {
#embed "Templates/new-password.mustache"
};

static const unsigned char file_32[] = {
#embed "Templates/organizations.mustache"
};

static const unsigned char file_33[] = {
#embed "Templates/pages.mustache"
};

static const unsigned char file_34[] = {
#embed "Templates/policy.mustache"
};

static const unsigned char file_35[] = {
#embed "Templates/problem-notice.mustache"
};

static const unsigned char file_36[] = {
#embed "Templates/problem.mustache"
};

static const unsigned char file_37[] = {
#embed "Templates/queue.mustache"
};

static const unsigned char file_38[] = {
#embed "Templates/room.mustache"
};

static const unsigned char file_39[] = {
#embed "Templates/sign-in.mustache"
};

static const unsigned char file_40[] = {
#embed "Templates/status.mustache"
};

static const unsigned char file_41[] = {
#embed "Templates/timeline.mustache"
};

static const unsigned char file_42[] = {
#embed "Templates/wall.mustache"
};

static const unsigned char file_43[] = {
#embed "Templates/welcome.mustache"
};

static const unsigned char file_44[] = {
#embed "Words/access.words"
};

static const unsigned char file_45[] = {
#embed "Words/api.words"
};

static const unsigned char file_46[] = {
#embed "Words/desk-bookings.words"
};

static const unsigned char file_47[] = {
#embed "Words/desk-clashes.words"
};

static const unsigned char file_48[] = {
#embed "Words/desk-queue.words"
};

static const unsigned char file_49[] = {
#embed "Words/desk-room.words"
};

static const unsigned char file_50[] = {
#embed "Words/desk.words"
};

static const unsigned char file_51[] = {
#embed "Words/frame.words"
};

static const unsigned char file_52[] = {
#embed "Words/problem.words"
};

static const loop_portal_file files[] = {
    {"Static/icons.svg", file_0, sizeof file_0},
    {"Static/mark.svg", file_1, sizeof file_1},
    {"Static/portal.css", file_2, sizeof file_2},
    {"Static/portal.js", file_3, sizeof file_3},
    {"Templates/account-fields.mustache", file_4, sizeof file_4},
    {"Templates/account.mustache", file_5, sizeof file_5},
    {"Templates/api-chapters.mustache", file_6, sizeof file_6},
    {"Templates/api-fields.mustache", file_7, sizeof file_7},
    {"Templates/api-type.mustache", file_8, sizeof file_8},
    {"Templates/api.mustache", file_9, sizeof file_9},
    {"Templates/booking-cancel.mustache", file_10, sizeof file_10},
    {"Templates/booking.mustache", file_11, sizeof file_11},
    {"Templates/bookings.mustache", file_12, sizeof file_12},
    {"Templates/clash.mustache", file_13, sizeof file_13},
    {"Templates/clashes.mustache", file_14, sizeof file_14},
    {"Templates/dashboard.mustache", file_15, sizeof file_15},
    {"Templates/drift-confirm.mustache", file_16, sizeof file_16},
    {"Templates/drift-link.mustache", file_17, sizeof file_17},
    {"Templates/drift.mustache", file_18, sizeof file_18},
    {"Templates/error-summary.mustache", file_19, sizeof file_19},
    {"Templates/foot.mustache", file_20, sizeof file_20},
    {"Templates/form-token.mustache", file_21, sizeof file_21},
    {"Templates/frame.mustache", file_22, sizeof file_22},
    {"Templates/held-confirm.mustache", file_23, sizeof file_23},
    {"Templates/held.mustache", file_24, sizeof file_24},
    {"Templates/kept-fields.mustache", file_25, sizeof file_25},
    {"Templates/kept-form.mustache", file_26, sizeof file_26},
    {"Templates/leavers-act.mustache", file_27, sizeof file_27},
    {"Templates/leavers.mustache", file_28, sizeof file_28},
    {"Templates/lone.mustache", file_29, sizeof file_29},
    {"Templates/mark.mustache", file_30, sizeof file_30},
    {"Templates/new-password.mustache", file_31, sizeof file_31},
    {"Templates/organizations.mustache", file_32, sizeof file_32},
    {"Templates/pages.mustache", file_33, sizeof file_33},
    {"Templates/policy.mustache", file_34, sizeof file_34},
    {"Templates/problem-notice.mustache", file_35, sizeof file_35},
    {"Templates/problem.mustache", file_36, sizeof file_36},
    {"Templates/queue.mustache", file_37, sizeof file_37},
    {"Templates/room.mustache", file_38, sizeof file_38},
    {"Templates/sign-in.mustache", file_39, sizeof file_39},
    {"Templates/status.mustache", file_40, sizeof file_40},
    {"Templates/timeline.mustache", file_41, sizeof file_41},
    {"Templates/wall.mustache", file_42, sizeof file_42},
    {"Templates/welcome.mustache", file_43, sizeof file_43},
    {"Words/access.words", file_44, sizeof file_44},
    {"Words/api.words", file_45, sizeof file_45},
    {"Words/desk-bookings.words", file_46, sizeof file_46},
    {"Words/desk-clashes.words", file_47, sizeof file_47},
    {"Words/desk-queue.words", file_48, sizeof file_48},
    {"Words/desk-room.words", file_49, sizeof file_49},
    {"Words/desk.words", file_50, sizeof file_50},
    {"Words/frame.words", file_51, sizeof file_51},
    {"Words/problem.words", file_52, sizeof file_52},
};

loop_portal_file loop_portal_file_at(size_t index) {
    static const loop_portal_file none = {0, 0, 0};
    return index < sizeof files / sizeof files[0] ? files[index] : none;
}
