/// The pages for the people who look after the rooms.
enum DeskPages {
    static let all: [PageRoute] =
        DashboardPages.all + RoomPages.all + LinkPages.all + HeldPages.all + BookingSearchPages.all + BookingPages.all
        + ClashPages.all + DriftPages.all + QueuePages.all + LeaverPages.all
}
