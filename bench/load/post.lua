-- POSTs predictions of 4,096 customers, rendered before the clock starts.
local requests, at = {}, 0

function init(arguments)
    math.randomseed(20)
    for i = 1, 4096 do
        local body = string.format(
            '{"customer_id":"C-%05d","features":{"purchase_frequency":%.2f,"average_check":%.2f,' ..
            '"days_since_last_activity":%d,"services_used":%d}}',
            math.random(0, 99999), math.random() * 9, math.random() * 300, math.random(0, 180), math.random(0, 6))
        requests[i] = wrk.format("POST", nil, { ["Content-Type"] = "application/json" }, body)
    end
end

function request()
    at = at % 4096 + 1
    return requests[at]
end

-- The figures of a run as one line.
function done(summary, latency, requests)
    io.write(string.format(
        'RESULT {"requests":%d,"microseconds":%d,"not_2xx":%d,"lost":%d,"p50":%d,"p99":%d,"p999":%d,"bytes":%d}\n',
        summary.requests, summary.duration, summary.errors.status,
        summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
        latency:percentile(50), latency:percentile(99), latency:percentile(99.9), summary.bytes))
end
