// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target: no unmarked unsafe code, no warnings, no leaking imports.
let strict: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),  // spans returned by ByteBuffer, spans stored in JSON.Reader
]

func module(_ name: String, _ dependencies: Target.Dependency...) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(of name: String, _ more: Target.Dependency...) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.init(stringLiteral: name), "TestSupport"] + more,
        swiftSettings: strict)
}

let package = Package(
    name: "churn",
    products: [.executable(name: "churn", targets: ["Main"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        // C, and nothing but C.
        .target(name: "CLinux"),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CKafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),

        // Pure: bytes and values in, bytes and values out.
        module("Bytes"),
        module("JSON", "Bytes"),
        module("HTTP", "Bytes"),
        module("Metrics", "Bytes"),
        module("Digest", "CCrypto"),
        module("Gzip", "Bytes", "CZlib"),
        module("Learning", "Bytes", "Digest", "JSON"),
        module("Report", "Bytes", "Learning"),

        // One owner for each kind of handle.
        module("Linux", "CLinux"),
        module("Postgres", "Bytes", "CPostgres", "Digest", "Linux"),
        module("Kafka", "CKafka"),
        // The SQL files themselves are in migrations/; SQL is a link to it.
        .target(
            name: "Migrations", dependencies: ["Postgres"], resources: [.embedInCode("SQL")], swiftSettings: strict),

        .target(name: "OpenAPI", resources: [.embedInCode("openapi.json")], swiftSettings: strict),

        // What runs.
        module("Server", "Bytes", "HTTP", "Linux"),
        .target(
            name: "Churn",
            dependencies: [
                "Bytes", "Digest", "Gzip", "HTTP", "JSON", "Kafka", "Learning", "Linux", "Metrics", "Migrations",
                "OpenAPI", "Postgres", "Report", "Server", .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "Main",
            dependencies: [
                "Churn", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),

        .executableTarget(
            name: "fuzz", dependencies: ["Bytes", "Churn", "Gzip", "HTTP", "JSON", "Learning", "TestSupport"],
            swiftSettings: strict),
        .executableTarget(name: "measure", dependencies: ["Churn", "Learning", "Linux"], swiftSettings: strict),
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),  // imports none of ours
        .testTarget(
            name: "SameNumbersTests", dependencies: ["JSON", "Learning", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "TidyTests", dependencies: ["TestSupport"], swiftSettings: strict),
        .testTarget(name: "EndToEndTests", dependencies: ["TestSupport"], swiftSettings: strict),
        tests(of: "Bytes"),
        tests(of: "Churn", "Bytes", "JSON", "Learning", "Migrations", "Postgres"),
        tests(of: "JSON", "Bytes"),
        tests(of: "Linux"),
        tests(of: "Server", "Bytes", "HTTP", "Linux"),
        tests(of: "Digest"),
        tests(of: "Kafka", "mockcluster"),
        // A Kafka cluster for tests, in a process of its own.
        .executableTarget(
            name: "mockcluster", dependencies: ["CLinux"], path: "Tests/MockCluster",
            linkerSettings: [.linkedLibrary("rdkafka")]),
        tests(of: "Learning", "Bytes", "Digest", "JSON"),
        tests(of: "Report", "Bytes", "Learning"),
        tests(of: "HTTP", "Bytes", "JSON"),
        tests(of: "Metrics", "Bytes"),
        tests(of: "Gzip", "Bytes"),
        tests(of: "Postgres", "Bytes", "Linux", "Migrations"),
    ]
)
