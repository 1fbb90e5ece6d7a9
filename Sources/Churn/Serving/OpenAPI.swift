/// The description of the interface that `GET /openapi.json` answers with: `Resources/openapi.json`, put into the
/// executable by the build.
enum OpenAPI {
    static let text: [UInt8] = PackageResources.openapi_json
}
