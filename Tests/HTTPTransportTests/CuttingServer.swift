import NIOCore
import NIOPosix

/// A TCP server that reads something, sends some bytes, and hangs up: what a lost connection looks like.
enum CuttingServer {
    static func run<Value>(
        sending text: String = "", _ body: (_ url: String) async throws -> Value
    ) async throws -> Value {
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Cutter(text: text))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = server.localAddress?.port ?? 0
        do {
            let value = try await body("http://127.0.0.1:\(port)")
            try await server.close()
            return value
        } catch {
            try? await server.close()
            throw error
        }
    }

    private final class Cutter: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let text: String

        init(text: String) { self.text = text }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            if text.isEmpty {
                context.close(promise: nil)
            } else {
                let bytes = context.channel.allocator.buffer(string: text)
                context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
                context.close(promise: nil)
            }
        }
    }
}
