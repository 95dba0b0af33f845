extension PortalServer {
    /// Everything that the REST API answers to.
    package static let routes: [APIRoute] =
        RoomRoutes.all + BookingRoutes.all + OccurrenceRoutes.all + LinkRoutes.all + ClashRoutes.all + DriftRoutes.all
        + SetupRoutes.all

    /// Every page.
    package static let pages: [PageRoute] =
        HomePages.all + SignInPages.all + WelcomePages.all + AccountPages.all + NewPasswordPages.all
        + LiveEvents.all + DeskPages.all + SetupPages.all
}
