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
#embed "Templates/error-summary.mustache"
};

static const unsigned char file_11[] = {
#embed "Templates/foot.mustache"
};

static const unsigned char file_12[] = {
#embed "Templates/form-token.mustache"
};

static const unsigned char file_13[] = {
#embed "Templates/frame.mustache"
};

static const unsigned char file_14[] = {
#embed "Templates/kept-fields.mustache"
};

static const unsigned char file_15[] = {
#embed "Templates/kept-form.mustache"
};

static const unsigned char file_16[] = {
#embed "Templates/lone.mustache"
};

static const unsigned char file_17[] = {
#embed "Templates/mark.mustache"
};

static const unsigned char file_18[] = {
#embed "Templates/new-password.mustache"
};

static const unsigned char file_19[] = {
#embed "Templates/organizations.mustache"
};

static const unsigned char file_20[] = {
#embed "Templates/problem.mustache"
};

static const unsigned char file_21[] = {
#embed "Templates/sign-in.mustache"
};

static const unsigned char file_22[] = {
#embed "Templates/welcome.mustache"
};

static const unsigned char file_23[] = {
#embed "Words/access.words"
};

static const unsigned char file_24[] = {
#embed "Words/api.words"
};

static const unsigned char file_25[] = {
#embed "Words/frame.words"
};

static const unsigned char file_26[] = {
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
    {"Templates/error-summary.mustache", file_10, sizeof file_10},
    {"Templates/foot.mustache", file_11, sizeof file_11},
    {"Templates/form-token.mustache", file_12, sizeof file_12},
    {"Templates/frame.mustache", file_13, sizeof file_13},
    {"Templates/kept-fields.mustache", file_14, sizeof file_14},
    {"Templates/kept-form.mustache", file_15, sizeof file_15},
    {"Templates/lone.mustache", file_16, sizeof file_16},
    {"Templates/mark.mustache", file_17, sizeof file_17},
    {"Templates/new-password.mustache", file_18, sizeof file_18},
    {"Templates/organizations.mustache", file_19, sizeof file_19},
    {"Templates/problem.mustache", file_20, sizeof file_20},
    {"Templates/sign-in.mustache", file_21, sizeof file_21},
    {"Templates/welcome.mustache", file_22, sizeof file_22},
    {"Words/access.words", file_23, sizeof file_23},
    {"Words/api.words", file_24, sizeof file_24},
    {"Words/frame.words", file_25, sizeof file_25},
    {"Words/problem.words", file_26, sizeof file_26},
};

loop_portal_file loop_portal_file_at(size_t index) {
    static const loop_portal_file none = {0, 0, 0};
    return index < sizeof files / sizeof files[0] ? files[index] : none;
}
