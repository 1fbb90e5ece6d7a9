/// The description of the interface, `openapi.json`, put into the executable by the build.
///
/// A module of its own, because so long a literal costs the compiler more than all of the code that serves it.
package enum OpenAPI {
    package static let text: [UInt8] = PackageResources.openapi_json
}
