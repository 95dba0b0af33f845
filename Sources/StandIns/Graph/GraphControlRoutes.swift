import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Puts the mailbox part of the control API at `/control/v1/mailboxes/…`.
package func addMailboxControlRoutes<Context: RequestContext>(to router: Router<Context>, world: World) {
    router.get("/control/v1/mailboxes/:address/events") { _, context -> Response in
        return json(200, await world.rawEvents(of: try segment("address", context)))
    }
    router.post("/control/v1/mailboxes/:address/events/:id/answer") { request, context -> Response in
        let (address, id) = (try segment("address", context), try segment("id", context))
        let body = try await request.body.collect(upTo: 1 << 16)
        let answer = GraphJSON(data: Data(body.readableBytesView))?["response"]?.string ?? ""
        guard ["accepted", "tentativelyAccepted", "declined"].contains(answer) else {
            return json(400, ["error": "“response” must be accepted, tentativelyAccepted or declined."])
        }
        guard await world.delegateDecides(id, answer, in: address) else {
            return json(404, ["error": "There is no such request in this mailbox."])
        }
        return json(200, ["id": .string(id), "response": .string(answer)])
    }
    router.post("/control/v1/mailboxes/:address/events/:id/organizer") { request, context -> Response in
        let (address, id) = (try segment("address", context), try segment("id", context))
        let body = try await request.body.collect(upTo: 1 << 16)
        let next = GraphJSON(data: Data(body.readableBytesView))?["address"]?.string ?? ""
        guard await world.changeOrganizer(of: id, in: address, to: next) else {
            return json(404, ["error": "There is no such event of this organizer, or no mailbox at “address”."])
        }
        return json(200, ["id": .string(id), "address": .string(next)])
    }
    router.post("/control/v1/mailboxes/:address/expire-delta") { request, context -> Response in
        let address = try segment("address", context)
        let body = try await request.body.collect(upTo: 1 << 16)
        let how = GraphJSON(data: Data(body.readableBytesView))?["how"]?.string ?? "410"
        guard let expiry = Mailbox.DeltaExpiry(rawValue: how) else {
            return json(400, ["error": "“how” must be 410 or syncStateNotFound."])
        }
        await world.expireDelta(of: address, expiry)
        return json(200, ["address": .string(address), "how": .string(how)])
    }
}

private func segment(_ name: String, _ context: some RequestContext) throws -> String {
    let value = try context.parameters.require(name)
    return value.removingPercentEncoding ?? value
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

    /// A meeting gets another organizer, as an administrator's tool does it: the event moves to the other calendar, and
    /// the attendees' copies say so. False when there is no such event or mailbox.
    package func changeOrganizer(of text: String, in address: String, to next: String) -> Bool {
        settleGraph()
        let old = graphMailbox(address)
        guard let id = GraphIdentifier(text), id.mailbox == old.tag, let item = old.items[id.item], item.isOrganizer,
            let tenant = tenants.values.first(where: { $0.user(next)?.hasMailbox == true }),
            let person = tenant.user(next)
        else { return false }
        let organizer = MailboxPerson(name: person.displayName, address: person.principalName)
        let instant = now()
        withMailbox(address) { $0.remove(item.number) }
        let moved = withMailbox(next) { mailbox in
            mailbox.insert(at: instant) { number in
                var moved = MailboxItem(
                    number: number, uid: item.uid, createdAt: item.createdAt, modifiedAt: instant,
                    content: item.content, series: item.series, organizer: organizer, isOrganizer: true,
                    response: item.response)
                moved.extendedProperties = item.extendedProperties
                return moved
            }
        }
        sendToAttendees(
            of: moved, tenantID: tenant.id, before: Self.addresses(of: item.content), timesChanged: false)
        return true
    }
}
