-- GETs one address; prints the figures of a run as one line.
function done(summary, latency, requests)
    io.write(string.format(
        'RESULT {"requests":%d,"microseconds":%d,"not_2xx":%d,"lost":%d,"p50":%d,"p99":%d,"p999":%d,"bytes":%d}\n',
        summary.requests, summary.duration, summary.errors.status,
        summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
        latency:percentile(50), latency:percentile(99), latency:percentile(99.9), summary.bytes))
end
