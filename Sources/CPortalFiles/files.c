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
#embed "Templates/audit.mustache"
};

static const unsigned char file_11[] = {
#embed "Templates/booking-cancel.mustache"
};

static const unsigned char file_12[] = {
#embed "Templates/booking.mustache"
};

static const unsigned char file_13[] = {
#embed "Templates/bookings.mustache"
};

static const unsigned char file_14[] = {
#embed "Templates/clash.mustache"
};

static const unsigned char file_15[] = {
#embed "Templates/clashes.mustache"
};

static const unsigned char file_16[] = {
#embed "Templates/confirmation.mustache"
};

static const unsigned char file_17[] = {
#embed "Templates/dashboard.mustache"
};

static const unsigned char file_18[] = {
#embed "Templates/diagnosis.mustache"
};

static const unsigned char file_19[] = {
#embed "Templates/doctor-link.mustache"
};

static const unsigned char file_20[] = {
#embed "Templates/doctor-run.mustache"
};

static const unsigned char file_21[] = {
#embed "Templates/doctor.mustache"
};

static const unsigned char file_22[] = {
#embed "Templates/drift-confirm.mustache"
};

static const unsigned char file_23[] = {
#embed "Templates/drift-link.mustache"
};

static const unsigned char file_24[] = {
#embed "Templates/drift.mustache"
};

static const unsigned char file_25[] = {
#embed "Templates/error-summary.mustache"
};

static const unsigned char file_26[] = {
#embed "Templates/finding.mustache"
};

static const unsigned char file_27[] = {
#embed "Templates/findings.mustache"
};

static const unsigned char file_28[] = {
#embed "Templates/foot.mustache"
};

static const unsigned char file_29[] = {
#embed "Templates/form-token.mustache"
};

static const unsigned char file_30[] = {
#embed "Templates/frame.mustache"
};

static const unsigned char file_31[] = {
#embed "Templates/held-confirm.mustache"
};

static const unsigned char file_32[] = {
#embed "Templates/held.mustache"
};

static const unsigned char file_33[] = {
#embed "Templates/invitation-over.mustache"
};

static const unsigned char file_34[] = {
#embed "Templates/invitation.mustache"
};

static const unsigned char file_35[] = {
#embed "Templates/invited.mustache"
};

static const unsigned char file_36[] = {
#embed "Templates/kept-fields.mustache"
};

static const unsigned char file_37[] = {
#embed "Templates/kept-form.mustache"
};

static const unsigned char file_38[] = {
#embed "Templates/leave.mustache"
};

static const unsigned char file_39[] = {
#embed "Templates/leavers-act.mustache"
};

static const unsigned char file_40[] = {
#embed "Templates/leavers.mustache"
};

static const unsigned char file_41[] = {
#embed "Templates/lone.mustache"
};

static const unsigned char file_42[] = {
#embed "Templates/mark.mustache"
};

static const unsigned char file_43[] = {
#embed "Templates/member.mustache"
};

static const unsigned char file_44[] = {
#embed "Templates/members.mustache"
};

static const unsigned char file_45[] = {
#embed "Templates/new-password.mustache"
};

static const unsigned char file_46[] = {
#embed "Templates/operator-account.mustache"
};

static const unsigned char file_47[] = {
#embed "Templates/operator-accounts.mustache"
};

static const unsigned char file_48[] = {
#embed "Templates/operator-organization.mustache"
};

static const unsigned char file_49[] = {
#embed "Templates/operator-password.mustache"
};

static const unsigned char file_50[] = {
#embed "Templates/operator.mustache"
};

static const unsigned char file_51[] = {
#embed "Templates/organizations.mustache"
};

static const unsigned char file_52[] = {
#embed "Templates/other-sign-in.mustache"
};

static const unsigned char file_53[] = {
#embed "Templates/pages.mustache"
};

static const unsigned char file_54[] = {
#embed "Templates/policy.mustache"
};

static const unsigned char file_55[] = {
#embed "Templates/problem-notice.mustache"
};

static const unsigned char file_56[] = {
#embed "Templates/problem.mustache"
};

static const unsigned char file_57[] = {
#embed "Templates/queue.mustache"
};

static const unsigned char file_58[] = {
#embed "Templates/role-choices.mustache"
};

static const unsigned char file_59[] = {
#embed "Templates/room.mustache"
};

static const unsigned char file_60[] = {
#embed "Templates/settings.mustache"
};

static const unsigned char file_61[] = {
#embed "Templates/setup-account.mustache"
};

static const unsigned char file_62[] = {
#embed "Templates/setup-away.mustache"
};

static const unsigned char file_63[] = {
#embed "Templates/setup-connection.mustache"
};

static const unsigned char file_64[] = {
#embed "Templates/setup-drop.mustache"
};

static const unsigned char file_65[] = {
#embed "Templates/setup-findings.mustache"
};

static const unsigned char file_66[] = {
#embed "Templates/setup-foot.mustache"
};

static const unsigned char file_67[] = {
#embed "Templates/setup-head.mustache"
};

static const unsigned char file_68[] = {
#embed "Templates/setup-mapping.mustache"
};

static const unsigned char file_69[] = {
#embed "Templates/setup-permissions.mustache"
};

static const unsigned char file_70[] = {
#embed "Templates/setup-policy.mustache"
};

static const unsigned char file_71[] = {
#embed "Templates/setup-prerequisites.mustache"
};

static const unsigned char file_72[] = {
#embed "Templates/setup-preview-room.mustache"
};

static const unsigned char file_73[] = {
#embed "Templates/setup-preview.mustache"
};

static const unsigned char file_74[] = {
#embed "Templates/setup-problem.mustache"
};

static const unsigned char file_75[] = {
#embed "Templates/setup-rooms.mustache"
};

static const unsigned char file_76[] = {
#embed "Templates/setup-scripts.mustache"
};

static const unsigned char file_77[] = {
#embed "Templates/setup-switch-on.mustache"
};

static const unsigned char file_78[] = {
#embed "Templates/setup-test.mustache"
};

static const unsigned char file_79[] = {
#embed "Templates/setup.mustache"
};

static const unsigned char file_80[] = {
#embed "Templates/sign-in-failed.mustache"
};

static const unsigned char file_81[] = {
#embed "Templates/sign-in.mustache"
};

static const unsigned char file_82[] = {
#embed "Templates/status.mustache"
};

static const unsigned char file_83[] = {
#embed "Templates/timeline.mustache"
};

static const unsigned char file_84[] = {
#embed "Templates/token-made.mustache"
};

static const unsigned char file_85[] = {
#embed "Templates/tokens.mustache"
};

static const unsigned char file_86[] = {
#embed "Templates/wall.mustache"
};

static const unsigned char file_87[] = {
#embed "Templates/welcome.mustache"
};

static const unsigned char file_88[] = {
#embed "Words/access.words"
};

static const unsigned char file_89[] = {
#embed "Words/api.words"
};

static const unsigned char file_90[] = {
#embed "Words/audit.words"
};

static const unsigned char file_91[] = {
#embed "Words/checks.words"
};

static const unsigned char file_92[] = {
#embed "Words/desk-bookings.words"
};

static const unsigned char file_93[] = {
#embed "Words/desk-clashes.words"
};

static const unsigned char file_94[] = {
#embed "Words/desk-queue.words"
};

static const unsigned char file_95[] = {
#embed "Words/desk-room.words"
};

static const unsigned char file_96[] = {
#embed "Words/desk.words"
};

static const unsigned char file_97[] = {
#embed "Words/diagnoses.words"
};

static const unsigned char file_98[] = {
#embed "Words/doctor.words"
};

static const unsigned char file_99[] = {
#embed "Words/evidence.words"
};

static const unsigned char file_100[] = {
#embed "Words/forms.words"
};

static const unsigned char file_101[] = {
#embed "Words/frame.words"
};

static const unsigned char file_102[] = {
#embed "Words/members.words"
};

static const unsigned char file_103[] = {
#embed "Words/operator.words"
};

static const unsigned char file_104[] = {
#embed "Words/problem.words"
};

static const unsigned char file_105[] = {
#embed "Words/settings.words"
};

static const unsigned char file_106[] = {
#embed "Words/setup-rooms.words"
};

static const unsigned char file_107[] = {
#embed "Words/setup.words"
};

static const unsigned char file_108[] = {
#embed "Words/sign-in.words"
};

static const unsigned char file_109[] = {
#embed "Words/tokens.words"
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
    {"Templates/audit.mustache", file_10, sizeof file_10},
    {"Templates/booking-cancel.mustache", file_11, sizeof file_11},
    {"Templates/booking.mustache", file_12, sizeof file_12},
    {"Templates/bookings.mustache", file_13, sizeof file_13},
    {"Templates/clash.mustache", file_14, sizeof file_14},
    {"Templates/clashes.mustache", file_15, sizeof file_15},
    {"Templates/confirmation.mustache", file_16, sizeof file_16},
    {"Templates/dashboard.mustache", file_17, sizeof file_17},
    {"Templates/diagnosis.mustache", file_18, sizeof file_18},
    {"Templates/doctor-link.mustache", file_19, sizeof file_19},
    {"Templates/doctor-run.mustache", file_20, sizeof file_20},
    {"Templates/doctor.mustache", file_21, sizeof file_21},
    {"Templates/drift-confirm.mustache", file_22, sizeof file_22},
    {"Templates/drift-link.mustache", file_23, sizeof file_23},
    {"Templates/drift.mustache", file_24, sizeof file_24},
    {"Templates/error-summary.mustache", file_25, sizeof file_25},
    {"Templates/finding.mustache", file_26, sizeof file_26},
    {"Templates/findings.mustache", file_27, sizeof file_27},
    {"Templates/foot.mustache", file_28, sizeof file_28},
    {"Templates/form-token.mustache", file_29, sizeof file_29},
    {"Templates/frame.mustache", file_30, sizeof file_30},
    {"Templates/held-confirm.mustache", file_31, sizeof file_31},
    {"Templates/held.mustache", file_32, sizeof file_32},
    {"Templates/invitation-over.mustache", file_33, sizeof file_33},
    {"Templates/invitation.mustache", file_34, sizeof file_34},
    {"Templates/invited.mustache", file_35, sizeof file_35},
    {"Templates/kept-fields.mustache", file_36, sizeof file_36},
    {"Templates/kept-form.mustache", file_37, sizeof file_37},
    {"Templates/leave.mustache", file_38, sizeof file_38},
    {"Templates/leavers-act.mustache", file_39, sizeof file_39},
    {"Templates/leavers.mustache", file_40, sizeof file_40},
    {"Templates/lone.mustache", file_41, sizeof file_41},
    {"Templates/mark.mustache", file_42, sizeof file_42},
    {"Templates/member.mustache", file_43, sizeof file_43},
    {"Templates/members.mustache", file_44, sizeof file_44},
    {"Templates/new-password.mustache", file_45, sizeof file_45},
    {"Templates/operator-account.mustache", file_46, sizeof file_46},
    {"Templates/operator-accounts.mustache", file_47, sizeof file_47},
    {"Templates/operator-organization.mustache", file_48, sizeof file_48},
    {"Templates/operator-password.mustache", file_49, sizeof file_49},
    {"Templates/operator.mustache", file_50, sizeof file_50},
    {"Templates/organizations.mustache", file_51, sizeof file_51},
    {"Templates/other-sign-in.mustache", file_52, sizeof file_52},
    {"Templates/pages.mustache", file_53, sizeof file_53},
    {"Templates/policy.mustache", file_54, sizeof file_54},
    {"Templates/problem-notice.mustache", file_55, sizeof file_55},
    {"Templates/problem.mustache", file_56, sizeof file_56},
    {"Templates/queue.mustache", file_57, sizeof file_57},
    {"Templates/role-choices.mustache", file_58, sizeof file_58},
    {"Templates/room.mustache", file_59, sizeof file_59},
    {"Templates/settings.mustache", file_60, sizeof file_60},
    {"Templates/setup-account.mustache", file_61, sizeof file_61},
    {"Templates/setup-away.mustache", file_62, sizeof file_62},
    {"Templates/setup-connection.mustache", file_63, sizeof file_63},
    {"Templates/setup-drop.mustache", file_64, sizeof file_64},
    {"Templates/setup-findings.mustache", file_65, sizeof file_65},
    {"Templates/setup-foot.mustache", file_66, sizeof file_66},
    {"Templates/setup-head.mustache", file_67, sizeof file_67},
    {"Templates/setup-mapping.mustache", file_68, sizeof file_68},
    {"Templates/setup-permissions.mustache", file_69, sizeof file_69},
    {"Templates/setup-policy.mustache", file_70, sizeof file_70},
    {"Templates/setup-prerequisites.mustache", file_71, sizeof file_71},
    {"Templates/setup-preview-room.mustache", file_72, sizeof file_72},
    {"Templates/setup-preview.mustache", file_73, sizeof file_73},
    {"Templates/setup-problem.mustache", file_74, sizeof file_74},
    {"Templates/setup-rooms.mustache", file_75, sizeof file_75},
    {"Templates/setup-scripts.mustache", file_76, sizeof file_76},
    {"Templates/setup-switch-on.mustache", file_77, sizeof file_77},
    {"Templates/setup-test.mustache", file_78, sizeof file_78},
    {"Templates/setup.mustache", file_79, sizeof file_79},
    {"Templates/sign-in-failed.mustache", file_80, sizeof file_80},
    {"Templates/sign-in.mustache", file_81, sizeof file_81},
    {"Templates/status.mustache", file_82, sizeof file_82},
    {"Templates/timeline.mustache", file_83, sizeof file_83},
    {"Templates/token-made.mustache", file_84, sizeof file_84},
    {"Templates/tokens.mustache", file_85, sizeof file_85},
    {"Templates/wall.mustache", file_86, sizeof file_86},
    {"Templates/welcome.mustache", file_87, sizeof file_87},
    {"Words/access.words", file_88, sizeof file_88},
    {"Words/api.words", file_89, sizeof file_89},
    {"Words/audit.words", file_90, sizeof file_90},
    {"Words/checks.words", file_91, sizeof file_91},
    {"Words/desk-bookings.words", file_92, sizeof file_92},
    {"Words/desk-clashes.words", file_93, sizeof file_93},
    {"Words/desk-queue.words", file_94, sizeof file_94},
    {"Words/desk-room.words", file_95, sizeof file_95},
    {"Words/desk.words", file_96, sizeof file_96},
    {"Words/diagnoses.words", file_97, sizeof file_97},
    {"Words/doctor.words", file_98, sizeof file_98},
    {"Words/evidence.words", file_99, sizeof file_99},
    {"Words/forms.words", file_100, sizeof file_100},
    {"Words/frame.words", file_101, sizeof file_101},
    {"Words/members.words", file_102, sizeof file_102},
    {"Words/operator.words", file_103, sizeof file_103},
    {"Words/problem.words", file_104, sizeof file_104},
    {"Words/settings.words", file_105, sizeof file_105},
    {"Words/setup-rooms.words", file_106, sizeof file_106},
    {"Words/setup.words", file_107, sizeof file_107},
    {"Words/sign-in.words", file_108, sizeof file_108},
    {"Words/tokens.words", file_109, sizeof file_109},
};

loop_portal_file loop_portal_file_at(size_t index) {
    static const loop_portal_file none = {0, 0, 0};
    return index < sizeof files / sizeof files[0] ? files[index] : none;
}
