.PHONY: demo test test-stack test-hostile test-sanitize test-containers test-outage test-release build lint bench fuzz dependencies

demo: dependencies  ## build, start on a private PostgreSQL, ask, stay until Ctrl-C
	@scripts/demo

test: dependencies  ## every test; the end-to-end tests drive the binary built here
	swift build --product churn
	swift test --disable-xctest

test-stack:  ## what stands around the service: alerts, dashboards, the page, the schedule, containers
	@scripts/dependencies --stack
	swift build --product churn
	swift build --product mockcluster
	scripts/test-stack

test-hostile:  ## a table of hostile requests, read by nginx, h11 and llhttp, too
	@scripts/dependencies --hostile
	scripts/test-hostile

test-containers:  ## the images, and the stack in them, where a container engine answers or can be started
	@scripts/dependencies --stack
	scripts/test-containers

test-outage: dependencies  ## brokers that are away for minutes under load; CHURN_OUTAGE_SECONDS says how long
	swift build --product churn
	CHURN_OUTAGE_SECONDS=$${CHURN_OUTAGE_SECONDS:-120} swift test --disable-xctest --filter KafkaOutageTests

test-release: dependencies  ## the end-to-end tests, on the release binary
	@scripts/test-release

test-sanitize: dependencies  ## every test under AddressSanitizer and ThreadSanitizer, which takes long; SANITIZERS, SUITES choose some
	@scripts/test-sanitize

build: dependencies  ## the release binary
	@scripts/build-release

lint:  ## formatting, strictly
	swift format lint --strict --parallel --recursive Package.swift Sources Tests

bench: dependencies  ## figures against other servers, measured here
	bench/run

fuzz: dependencies  ## seeds and mutations of them; FUZZ_SECONDS=60 searches for new inputs
	scripts/fuzz

dependencies:
	@scripts/dependencies
