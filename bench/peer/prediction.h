// What the peer answers: a score, an id, a time, and the bytes of both answers. Part of peer.c, which includes it once.

// ---------------------------------------------------------------------------------------------------------- the model

static const char *const names[FEATURES] = {
    "purchase_frequency", "average_check", "days_since_last_activity", "services_used"};
static const char *const keys[FEATURES] = {
    "\"purchase_frequency\":", "\"average_check\":", "\"days_since_last_activity\":", "\"services_used\":"};
static const double weights[FEATURES] = {-0.61, -0.011, 0.034, -0.27};
static const double means[FEATURES] = {2.4, 55.0, 31.0, 2.1};
static const double base = -0.843215698743215;
static const double threshold = 0.5;

struct scored {
    double values[FEATURES], contributions[FEATURES], probability;
    const char *customer, *features;
    size_t customer_length, features_length;
    int churn;
    const char *risk;
};

/// Reads one instance out of a JSON body that ends in a NUL; 0 when a key is missing.
static int score(const char *body, struct scored *s) {
    const char *customer = strstr(body, "\"customer_id\":\"");
    const char *features = strstr(body, "\"features\":");
    if (!customer || !features) return 0;
    s->customer = customer + 15;
    const char *end = strchr(s->customer, '"');
    if (!end) return 0;
    s->customer_length = (size_t)(end - s->customer);
    s->features = features + 11;
    end = strchr(s->features, '}');
    if (!end) return 0;
    s->features_length = (size_t)(end + 1 - s->features);
    double logit = base;
    for (int i = 0; i < FEATURES; i++) {
        const char *key = strstr(s->features, keys[i]);
        if (!key) return 0;
        const char *digits = key + strlen(keys[i]);
        char *after;
        s->values[i] = strtod(digits, &after);
        if (after == digits) return 0;
        s->contributions[i] = weights[i] * (s->values[i] - means[i]);
        logit += s->contributions[i];
    }
    if (logit >= 0) {
        s->probability = 1 / (1 + exp(-logit));
    } else {
        double e = exp(logit);
        s->probability = e / (1 + e);
    }
    s->churn = s->probability >= threshold;
    s->risk = s->churn ? "high" : s->probability >= threshold / 2 ? "medium" : "low";
    return 1;
}

// --------------------------------------------------------------------------------------------- the clock and the ids

static int64_t wall_ns;            // read once a wake
static char date[32];              // of this second
static char stamp[20];             // the same second in RFC 3339, without its fraction
static unsigned __int128 last_id;
static uint64_t seed = 0x9E3779B97F4A7C15;

static void read_clock(void) {
    static time_t second;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    wall_ns = now.tv_sec * 1000000000ll + now.tv_nsec;
    if (now.tv_sec == second) return;
    second = now.tv_sec;
    struct tm utc;
    gmtime_r(&second, &utc);
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &utc);
    strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &utc);
}

static uint64_t next_random(void) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

/// A UUIDv7, greater than the last one: 48 bits of milliseconds, 12 of their fraction, 62 random.
static void make_id(uint8_t id[16]) {
    uint64_t ms = (uint64_t)(wall_ns / 1000000), fraction = (uint64_t)(wall_ns % 1000000) * 4096 / 1000000;
    uint64_t high = ms << 16 | 0x7000 | fraction, low = (next_random() & 0x3FFFFFFFFFFFFFFF) | 0x8000000000000000;
    unsigned __int128 value = (unsigned __int128)high << 64 | low;
    if (value <= last_id) value = last_id + 1;
    last_id = value;
    for (int i = 15; i >= 0; i--, value >>= 8) id[i] = (uint8_t)value;
}

// ------------------------------------------------------------------------------------------------------- the answer

static char *put(char *out, const char *text, size_t length) {
    memcpy(out, text, length);
    return out + length;
}
#define PUT(out, literal) put(out, literal, sizeof(literal) - 1)

/// Up to 15 decimals, without trailing zeros; enough for |value| < 9,000.
static char *put_double(char *out, double value) {
    if (!(fabs(value) < 9000)) return out + sprintf(out, "%.17g", value);
    int64_t scaled = (int64_t)(value * 1e15 + (value < 0 ? -0.5 : 0.5));
    if (scaled < 0) *out++ = '-', scaled = -scaled;
    uint64_t whole = (uint64_t)scaled / 1000000000000000, fraction = (uint64_t)scaled % 1000000000000000;
    char digits[4];
    int count = 0;
    do digits[count++] = (char)('0' + whole % 10);
    while (whole /= 10);
    while (count) *out++ = digits[--count];
    if (!fraction) return out;
    *out++ = '.';
    for (int i = 14; i >= 0; i--, fraction /= 10) out[i] = (char)('0' + fraction % 10);
    out += 15;
    while (out[-1] == '0') out--;
    return out;
}

static char *put_uuid(char *out, const uint8_t id[16]) {
    static const char hex[] = "0123456789abcdef";
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) *out++ = '-';
        *out++ = hex[id[i] >> 4];
        *out++ = hex[id[i] & 15];
    }
    return out;
}

static char *put_head(char *out, const char *line, size_t length, char **size) {
    out = put(out, line, length);
    out = PUT(out, "\r\nContent-Type: application/json\r\nDate: ");
    out = put(out, date, 29);
    out = PUT(out, "\r\nContent-Length: ");
    *size = out;
    return PUT(out, "0000\r\n\r\n");
}

static void put_size(char *size, size_t length) {
    for (int i = 3; i >= 0; i--, length /= 10) size[i] = (char)('0' + length % 10);
}

/// `id` is NULL for a what-if.
static size_t put_answer(char *start, const struct scored *s, const uint8_t *id) {
    char *size, *out = put_head(start, "HTTP/1.1 200 OK", 15, &size), *body = out;
    if (id) {
        out = PUT(out, "{\"prediction_id\":\"");
        out = put_uuid(out, id);
        out = PUT(out, "\",\"customer_id\":\"");
    } else {
        out = PUT(out, "{\"prediction_id\":null,\"customer_id\":\"");
    }
    out = put(out, s->customer, s->customer_length);
    out = PUT(out, "\",\"probability\":");
    out = put_double(out, s->probability);
    out = s->churn ? PUT(out, ",\"churn\":true,\"risk\":\"") : PUT(out, ",\"churn\":false,\"risk\":\"");
    out = put(out, s->risk, strlen(s->risk));
    out = PUT(out, "\",\"threshold\":0.5,\"horizon_days\":90,\"as_of\":null,\"model\":\"0123456789ab\",\"contributions\":[");
    for (int i = 0; i < FEATURES; i++) {
        out = PUT(out, "{\"feature\":\"");
        out = put(out, names[i], strlen(names[i]));
        out = PUT(out, "\",\"value\":");
        out = put_double(out, s->values[i]);
        out = PUT(out, ",\"contribution\":");
        out = put_double(out, s->contributions[i]);
        out = PUT(out, "},");
    }
    out = PUT(out - 1, "],\"base\":-0.843215698743215,\"warnings\":[],\"created_at\":\"");
    out = put(out, stamp, 19);
    *out++ = '.';
    int micros = (int)(wall_ns / 1000 % 1000000);
    for (int i = 5; i >= 0; i--, micros /= 10) out[i] = (char)('0' + micros % 10);
    out = PUT(out + 6, "Z\"}");
    put_size(size, (size_t)(out - body));
    return (size_t)(out - start);
}

static size_t put_plain(char *start, const char *line, const char *text) {
    char *size, *out = put_head(start, line, strlen(line), &size), *body = out;
    out = put(out, text, strlen(text));
    put_size(size, (size_t)(out - body));
    return (size_t)(out - start);
}
