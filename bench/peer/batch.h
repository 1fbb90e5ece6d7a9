// Rows as the array parameters of one INSERT, in PostgreSQL's binary format. Part of peer.c, which includes it once.

enum {
    ID, CREATED, PROBABILITY, THRESHOLD, MODEL, HORIZON, AS_OF, CHURN, CUSTOMER, RISK, SOURCE, REQUEST, CORRELATION,
    FEATURE_COLUMN, COLUMNS
};
static const Oid element_types[COLUMNS] = {2950, 1184, 701, 701, 23, 23, 1082, 16, 25, 25, 25, 25, 25, 3802};

// Word for word the service's PredictionInsert.text.
static const char insert[] =
    "INSERT INTO predictions (id, created_at, probability, threshold, model, horizon_days, as_of, churn, customer_id, "
    "risk, source, request_id, correlation_id, features, writer) SELECT row.*, $15 FROM unnest($1::uuid[], "
    "$2::timestamptz[], $3::float8[], $4::float8[], $5::int4[], $6::int4[], $7::date[], $8::bool[], $9::text[], "
    "$10::text[], $11::text[], $12::text[], $13::text[], $14::jsonb[]) AS row";

struct bytes {
    char *data;
    size_t length, capacity;
};

struct waiting {
    int fd;
    uint32_t generation;
    size_t offset, length;
};

struct batch {
    int rows;
    struct bytes columns[COLUMNS], answers;
    struct waiting waiting[MAX_ROWS];
};

static PGconn *database;
static int database_fd = -1, in_flight, wants_write;
static uint32_t writer;
static struct batch batches[2], *filling = &batches[0], *sent = &batches[1];

static char *grow(struct bytes *b, size_t more) {
    if (b->length + more > b->capacity) {
        b->capacity = (b->length + more) * 2;
        b->data = need(realloc(b->data, b->capacity));
    }
    return b->data + b->length;
}

static void put_word(char *out, uint32_t value) {
    value = htonl(value);
    memcpy(out, &value, 4);
}

static void clear(struct batch *b) {
    b->rows = 0;
    b->answers.length = 0;
    for (int i = 0; i < COLUMNS; i++) {
        b->columns[i].length = 0;
        char *head = grow(&b->columns[i], 20);
        put_word(head, 1);                                                        // dimensions
        put_word(head + 4, i == AS_OF || i == REQUEST || i == CORRELATION);       // holds NULLs
        put_word(head + 8, element_types[i]);
        put_word(head + 16, 1);                                                   // lower bound
        b->columns[i].length = 20;
    }
}

static void add_bytes(struct bytes *column, const void *value, size_t length) {
    char *out = grow(column, length + 4);
    put_word(out, (uint32_t)length);
    memcpy(out + 4, value, length);
    column->length += length + 4;
}

static void add_64(struct bytes *column, uint64_t value) {
    value = __builtin_bswap64(value);
    add_bytes(column, &value, 8);
}

static void add_double(struct bytes *column, double value) {
    uint64_t bits;
    memcpy(&bits, &value, 8);
    add_64(column, bits);
}

static void add_32(struct bytes *column, uint32_t value) {
    value = htonl(value);
    add_bytes(column, &value, 4);
}

static void add_null(struct bytes *column) {
    put_word(grow(column, 4), 0xFFFFFFFF);
    column->length += 4;
}

static void add_row(struct batch *b, const struct scored *s, const uint8_t id[16], int fd, uint32_t generation) {
    struct bytes *c = b->columns;
    add_bytes(&c[ID], id, 16);
    add_64(&c[CREATED], (uint64_t)(wall_ns / 1000 - 946684800000000ll));
    add_double(&c[PROBABILITY], s->probability);
    add_double(&c[THRESHOLD], threshold);
    add_32(&c[MODEL], 1);
    add_32(&c[HORIZON], 90);
    add_null(&c[AS_OF]);
    add_bytes(&c[CHURN], s->churn ? "\1" : "\0", 1);
    add_bytes(&c[CUSTOMER], s->customer, s->customer_length);
    add_bytes(&c[RISK], s->risk, strlen(s->risk));
    add_bytes(&c[SOURCE], "http", 4);
    add_null(&c[REQUEST]);
    add_null(&c[CORRELATION]);
    char *json = grow(&c[FEATURE_COLUMN], s->features_length + 5);
    put_word(json, (uint32_t)s->features_length + 1);
    json[4] = 1;
    memcpy(json + 5, s->features, s->features_length);
    c[FEATURE_COLUMN].length += s->features_length + 5;

    char *answer = grow(&b->answers, MAX_ANSWER);
    size_t length = put_answer(answer, s, id);
    b->waiting[b->rows++] = (struct waiting){fd, generation, b->answers.length, length};
    b->answers.length += length;
}
