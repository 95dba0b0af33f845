/// The set-up of connections, step for step with the manual.
enum SetupPages {
    static let all: [PageRoute] =
        SetupListPages.all + SetupConnectionPages.all + SetupCallbackPages.all + SetupAccountPages.all
        + SetupRoomsPages.all + SetupMappingPages.all + SetupPreviewPages.all + SetupSwitchPages.all
}
