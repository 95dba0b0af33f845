import Hummingbird
import SQLStore

/// What is known about a request while it is being answered.
package struct PortalContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// By which the request is found in the log; sent back as `X-Request-Id`.
    package var requestID = ""
    /// Whose token came with the request; nil before it was checked and on addresses that need none.
    package var caller: APIToken?

    package init(source: ApplicationRequestContextSource) { coreContext = CoreRequestContextStorage(source: source) }
}
