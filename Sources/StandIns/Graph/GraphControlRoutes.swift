import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Puts the mailbox part of the control API at `/control/v1/mailboxes/…`.
package func addMailboxControlRoutes<Context: RequestContext>(to router: Router<Context>, world: World) {
    router.get("/control/v1/mailboxes/:address/events") { _, context -> Response in
        let address = try context.parameters.require("address")
        return json(200, await world.rawEvents(of: address.removingPercentEncoding ?? address))
    }
    router.post("/control/v1/mailboxes/:address/expire-delta") { request, context -> Response in
        let address = try context.parameters.require("address")
        let body = try await request.body.collect(upTo: 1 << 16)
        let how = GraphJSON(data: Data(body.readableBytesView))?["how"]?.string ?? "410"
        guard let expiry = Mailbox.DeltaExpiry(rawValue: how) else {
            return json(400, ["error": "“how” must be 410 or syncStateNotFound."])
        }
        await world.expireDelta(of: address.removingPercentEncoding ?? address, expiry)
        return json(200, ["address": .string(address), "how": .string(how)])
    }
}

private func json(_ status: Int, _ body: GraphJSON) -> Response {
    Response(
        status: .init(code: status), headers: [.contentType: "application/json; charset=utf-8"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: body.encoded)))
}

extension World {
    /// Every item of a calendar as it is, in UTC and with immutable ids, with what Graph does not show beside it.
    package func rawEvents(of address: String) -> GraphJSON {
        settleGraph()
        let mailbox = graphMailbox(address)
        let writer = GraphEventWriter(mailbox: mailbox.tag)
        let events: [GraphJSON] = mailbox.ordered.map { item in
            var event = writer.event(item)
            event["singleValueExtendedProperties"] = writer.extendedProperties(item.extendedProperties)
            event["cancelledOccurrences"] = writer.cancelledOccurrences(item)
            event["exceptionOccurrences"] = .array(
                (item.series?.exceptions.keys.sorted() ?? []).compactMap { item.occurrence(on: $0) }
                    .map { .object(writer.event(item, $0)) })
            event["loopsimTag"] = [
                "number": .int(Int(item.number)), "change": .int(item.change), "moves": .int(Int(item.moves)),
                "holdsRoom": .bool(item.holdsRoom(item.content)), "seriesUID": .string(item.uid),
                "mutableId": .string(item.identifier(in: mailbox.tag, immutable: false).text),
            ]
            return .object(event)
        }
        return ["events": .array(events)]
    }

    package func expireDelta(of address: String, _ how: Mailbox.DeltaExpiry) {
        withMailbox(address) { $0.expireDelta(how) }
    }
}
