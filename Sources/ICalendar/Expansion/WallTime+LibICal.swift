import CLibICal
import CalendarModel

extension WallTime {
    /// As libical's floating time.
    var icalTime: icaltimetype {
        var time = icaltime_null_time()
        time.year = Int32(date.year)
        time.month = Int32(date.month)
        time.day = Int32(date.day)
        time.hour = Int32(hour)
        time.minute = Int32(minute)
        time.second = Int32(second)
        return time
    }

    /// What the clock shows; the zone is not looked at, and a date is its midnight.
    init(icalTime: icaltimetype) {
        self.init(
            date: CivilDate(year: Int(icalTime.year), month: Int(icalTime.month), day: Int(icalTime.day)),
            hour: Int(icalTime.hour), minute: Int(icalTime.minute), second: Int(icalTime.second))
    }
}
