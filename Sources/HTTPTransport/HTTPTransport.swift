// placeholder
import AsyncHTTPClient
import NIOCore
