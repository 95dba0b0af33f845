extension PortalServer {
    /// Everything that the REST API answers to.
    package static let routes: [APIRoute] =
        RoomRoutes.all + BookingRoutes.all + OccurrenceRoutes.all + LinkRoutes.all + LinkDeskRoutes.all
        + ClashRoutes.all + DriftRoutes.all
        + SearchRoutes.all + MeasureRoutes.all + LeaverRoutes.all
        + AccessRoutes.all + AdministrationRoutes.all
        + SetupRoutes.all

    /// Every page.
    package static let pages: [PageRoute] =
        HomePages.all + SignInPages.all + WelcomePages.all + AccountPages.all + NewPasswordPages.all
        + InvitationPages.all + ProviderPages.all + MemberPages.all + TokenPages.all + AuditPages.all
        + SettingsPages.all + DoctorPages.all + OperatorPages.all + OperatorAccountPages.all + LiveEvents.all
        + DeskPages.all + SetupPages.all
}
