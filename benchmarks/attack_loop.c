/* The attack process alone in C: how fast a scenario with nothing else in it can be played, with the same bits.

One theatre, one site, self-excitation, nobody harmed; no history, phases, talks, US strikes, tension or truces. `play`
follows sim/rules (attacks, rain, streams, portable, variates, casualties, response) function by function, so that times,
counts and sums agree with the SimPy clock to the last bit. Compile without contraction of products and sums
(-ffp-contract=off), or they do not.

`play_short` gives the same bits and leaves out whatever a program that can do nothing else may leave out. */

#include <math.h>
#include <stdint.h>
#include <string.h>

typedef unsigned __int128 u128;

enum { MOST_KINDS = 8, MOST_QUARTERS = 64, MOST_SEED_WORDS = 16 };
enum { CELL_MOST = 31, STRIPS = 8192, CELL_UNIFORMS = 64, POINT_UNIFORMS = 16, STRIP_STRIDE = 1000003 };
enum { MOST_POINTS = 5 * STRIPS, MOST_INTERVALS = 4 * STRIPS, FEWEST_INTERVALS = 8, POINTS_PER_INTERVAL = 2 };
static const double STRIP_HEIGHT = 0.125, BLOCK_DAYS = 32.0, CELL_MEAN = 4.0;

/* What play returns. */
enum { FINE = 0, HARMED = 1, OVERFLOW = 2 };

/* What it writes: attacks, sum of their times, expected killed, attacks by contagion, excitation after the last. */
enum { OUTPUTS = 5 };

typedef struct {
    double horizon, attacks_per_day, elasticity, branching_ratio, decay_days;
    double harm_chance, fatal_chance, severity_exponent;
    double strike_chance, delay_days, delay_spread;
    double target_weight;
    int64_t troops, kinds, has_response;
    double kind_weight[MOST_KINDS], kind_gets_through[MOST_KINDS], quarter_end[MOST_QUARTERS];
} Parameters;

/* ---- streams: SeedSequence and PCG64 as NumPy defines them */

typedef struct { u128 state, increment, origin; } Stream;

static const u128 PCG_MULTIPLIER = ((u128)0x2360ED051FC65DA4ULL << 64) | 0x4385DF649FCCF645ULL;

static uint32_t hashed(uint32_t value, uint32_t *hash, uint32_t multiplier) {
    value ^= *hash;
    *hash *= multiplier;
    value *= *hash;
    return value ^ (value >> 16);
}

static uint32_t mixed(uint32_t x, uint32_t y) {
    uint32_t result = 0xca01f9ddu * x - 0x4973f715u * y;
    return result ^ (result >> 16);
}

static void fill_pool(uint32_t pool[4], const uint32_t *words, int count) {
    uint32_t hash = 0x43b0d7e5u;
    for (int i = 0; i < 4; i++) pool[i] = hashed(words[i], &hash, 0x931e8875u);
    for (int from = 0; from < 4; from++)
        for (int to = 0; to < 4; to++)
            if (from != to) pool[to] = mixed(pool[to], hashed(pool[from], &hash, 0x931e8875u));
    for (int from = 4; from < count; from++)
        for (int to = 0; to < 4; to++) pool[to] = mixed(pool[to], hashed(words[from], &hash, 0x931e8875u));
}

static void open_stream(Stream *r, const uint32_t *seed, int seed_words, uint64_t replication, uint64_t key) {
    uint32_t words[MOST_SEED_WORDS + 8] = {0}, pool[4], drawn[8], hash = 0x8b51f9ddu;
    int count = seed_words < 4 ? 4 : seed_words; /* a short seed is padded, so that it differs from a longer one */
    for (int i = 0; i < seed_words; i++) words[i] = seed[i];
    words[count++] = (uint32_t)replication;
    if (replication >> 32) words[count++] = (uint32_t)(replication >> 32);
    words[count++] = (uint32_t)key;
    words[count++] = (uint32_t)(key >> 32);
    fill_pool(pool, words, count);
    for (int i = 0; i < 8; i++) drawn[i] = hashed(pool[i % 4], &hash, 0x58f38dedu);
    uint64_t wide[4];
    for (int i = 0; i < 4; i++) wide[i] = drawn[2 * i] | (uint64_t)drawn[2 * i + 1] << 32;
    r->increment = (((u128)wide[2] << 64 | wide[3]) << 1) | 1;
    r->origin = (r->increment + ((u128)wide[0] << 64 | wide[1])) * PCG_MULTIPLIER + r->increment;
    r->state = r->origin;
}

static inline double uniform(Stream *r) {
    r->state = r->state * PCG_MULTIPLIER + r->increment;
    uint64_t high = (uint64_t)(r->state >> 64), x = high ^ (uint64_t)r->state;
    int turn = (int)(high >> 58);
    x = x >> turn | x << (-turn & 63);
    return (double)(x >> 11) * (1.0 / 9007199254740992.0);
}

/* A jump of n places: state -> state * product + increment * sum. */
typedef struct { u128 product, sum; } Jump;

static Jump then(Jump a, Jump b) {
    return (Jump){a.product * b.product, a.sum * b.product + b.sum};
}

static Jump jump_of(uint64_t places) {
    Jump all = {1, 0}, power = {PCG_MULTIPLIER, 1};
    for (; places; places >>= 1, power = then(power, power))
        if (places & 1) all = then(all, power);
    return all;
}

enum { DIGITS = 6, DIGIT_BITS = 8, DIGIT = 1 << DIGIT_BITS }; /* places end below 8192 * 1,000,003 * 32 * 16 < 256^6 */

static Jump jumps[DIGITS][DIGIT];

static void prepare_jumps(void) {
    if (jumps[0][0].product) return;
    for (int i = 0; i < DIGITS; i++)
        for (uint64_t digit = 0; digit < DIGIT; digit++) jumps[i][digit] = jump_of(digit << DIGIT_BITS * i);
}

static inline u128 jumped(u128 state, u128 increment, Jump jump) {
    return state * jump.product + increment * jump.sum;
}

static inline void seek(Stream *r, uint64_t place) {
    u128 state = r->origin;
    for (int i = 0; place; i++, place >>= DIGIT_BITS)
        state = jumped(state, r->increment, jumps[i][place % DIGIT]);
    r->state = state;
}

/* ---- portable: for the numbers that occur here, none of them tiny or infinite */

static const double LN_2_HIGH = 0.6931471803691238, LN_2_LOW = 1.9082149292705877e-10;
static const double PER_LN_2 = 1.4426950408889634, SQRT_HALF = 0.7071067811865476, NO_FRACTION = 6755399441055744.0;

static inline double number_of(int64_t word) {
    double x;
    memcpy(&x, &word, sizeof x);
    return x;
}

static inline double power_of_two(int64_t k) { return number_of((k + 1023) << 52); }

static inline double log_of(double x) {
    int64_t word;
    memcpy(&word, &x, sizeof word);
    int64_t k = (word >> 52) - 1022;
    double fraction = number_of((word & 0xfffffffffffffLL) | 1022LL << 52);
    if (fraction < SQRT_HALF) {
        fraction *= 2.0;
        k--;
    }
    double f = fraction - 1.0, s = f / (2.0 + f), z = s * s, w = z * z;
    double v = w * w;
    double first = 2.0 / 3.0 + z * (2.0 / 5.0) + w * (2.0 / 7.0 + z * (2.0 / 9.0));
    double second = 2.0 / 11.0 + z * (2.0 / 13.0) + w * (2.0 / 15.0 + z * (2.0 / 17.0));
    double third = 2.0 / 19.0 + z * (2.0 / 21.0);
    double series = first + v * (second + v * third);
    double half = 0.5 * f * f, whole = (double)k * LN_2_HIGH, total = whole + f, lost = (whole - total) + f;
    return total + (lost + ((double)k * LN_2_LOW - (half - s * (half + z * series))));
}

static inline double bend(double r) {
    double z = r * r, w = z * z;
    double first = 1.0 / 2.0 + r * (1.0 / 6.0) + z * (1.0 / 24.0 + r * (1.0 / 120.0));
    double second = 1.0 / 720.0 + r * (1.0 / 5040.0) + z * (1.0 / 40320.0 + r * (1.0 / 362880.0));
    double third = 1.0 / 3628800.0 + r * (1.0 / 39916800.0) + z * (1.0 / 479001600.0 + r * (1.0 / 6227020800.0));
    return z * (first + w * (second + w * third));
}

static inline double exp_of(double x) {
    if (!(-746.0 < x && x < 710.0)) return x < 0.0 ? 0.0 : x + INFINITY;
    double whole = x * PER_LN_2 + NO_FRACTION - NO_FRACTION;
    double high = x - whole * LN_2_HIGH, low = whole * LN_2_LOW;
    double total = 1.0 + high, lost = (1.0 - total) + high;
    double rest = total + (lost + (bend(high - low) - low));
    int64_t k = (int64_t)whole;
    if (-1022 <= k && k <= 1023) return rest * power_of_two(k);
    return rest * power_of_two(k >> 1) * power_of_two(k - (k >> 1));
}

static double exp_less_1(double x) { return fabs(x) > 0.34 ? exp_of(x) - 1.0 : x + bend(x); }

/* ---- variates */

static inline double power(double base, double exponent) { return exp_of(exponent * log_of(base)); }

static double rise(double rate, double span) {
    return fabs(rate * span) < 1e-12 ? span : exp_less_1(rate * span) / rate;
}

static double power_sum(double exponent, int64_t largest) {
    enum { HEAD = 24 };
    int64_t last = largest < HEAD ? largest : HEAD;
    double total = 0.0;
    for (int64_t k = 1; k <= last; k++) total += power((double)k, -exponent);
    if (largest <= HEAD) return total;
    double a = HEAD, b = (double)largest, log_a = log_of(a), log_b = log_of(b);
    double fa = exp_of(-exponent * log_a), fb = exp_of(-exponent * log_b);
    double slope = -exponent * (fb / b - fa / a);
    double third = -exponent * (exponent + 1.0) * (exponent + 2.0) * (fb / (b * b * b) - fa / (a * a * a));
    double integral = a * fa * rise(1.0 - exponent, log_b - log_a);
    return total + integral + (fb - fa) / 2.0 + slope / 12.0 - third / 720.0;
}

static double power_law_mean(double exponent, int64_t largest) {
    return power_sum(exponent - 1.0, largest) / power_sum(exponent, largest);
}

static inline double duration(double mean, double spread, double u) {
    return mean * (1.0 - spread - spread * log_of(1.0 - u));
}

static inline int poisson(double mean, int at_most, double u) {
    double chance = exp_of(-mean), reached = chance;
    int count = 0;
    while (u >= reached && count < at_most) {
        count++;
        chance = chance * mean / count;
        reached = reached + chance;
    }
    return count;
}

/* ---- state */

typedef struct { double time, height; int64_t place, behind; } Point;

typedef struct {
    double now, presence, calm, background, suppressed, excitation, excited_at;
    int64_t present, initial, presence_of;
    int64_t candidate, block, strips, points, intervals, first_in[MOST_INTERVALS];
    Point point[MOST_POINTS];
    int64_t attacks, by_driver[3], by_quarter[MOST_QUARTERS], quarter, since_tick, tail_attacks;
    double fatal_chance, expected_deaths, expected_killed, strike_at;
    double threat, capability, threat_ratio; /* which do not change here */
    double times; /* sum of the times of attacks */
    int64_t told, told_what[64], told_where[64];
    double told_amount[64], told_detail[64];
    int failure;
    Stream attack_times, attack_outcomes;
} State;

static inline void tell(State *s, int64_t what, int64_t where, double amount, double detail) {
    int64_t i = s->told;
    s->told_what[i] = what;
    s->told_where[i] = where;
    s->told_amount[i] = amount;
    s->told_detail[i] = detail;
    s->told = i + 1;
}

static double fatal_chance_of(const Parameters *p) {
    double through = 0.0, weights = 0.0;
    for (int64_t i = 0; i < p->kinds; i++) {
        through += p->kind_weight[i] * p->kind_gets_through[i];
        weights += p->kind_weight[i];
    }
    return through / weights * p->harm_chance * p->fatal_chance;
}

static void begin(State *s, const Parameters *p, const uint32_t *seed, int words, uint64_t replication,
                  const uint64_t keys[2]) {
    s->now = s->excitation = s->excited_at = s->expected_killed = s->times = 0.0;
    s->present = s->initial = p->troops;
    s->block = s->candidate = s->presence_of = -1;
    s->strips = s->points = s->attacks = s->quarter = s->since_tick = s->tail_attacks = s->told = 0;
    for (int i = 0; i < 3; i++) s->by_driver[i] = 0;
    for (int i = 0; i < MOST_QUARTERS; i++) s->by_quarter[i] = 0;
    s->expected_deaths = -1.0;
    s->strike_at = INFINITY;
    s->threat = 0.0;
    s->capability = s->threat_ratio = 1.0;
    s->failure = FINE;
    open_stream(&s->attack_times, seed, words, replication, keys[0]);
    open_stream(&s->attack_outcomes, seed, words, replication, keys[1]);
    s->fatal_chance = fatal_chance_of(p);
}

/* ---- rain */

static inline int64_t interval_of(const State *s, double time) {
    int64_t interval = (int64_t)((time / BLOCK_DAYS - (double)s->block) * (double)s->intervals);
    return interval < s->intervals ? interval : s->intervals - 1;
}

static inline void file_point(State *s, int64_t i) {
    int64_t *first = &s->first_in[interval_of(s, s->point[i].time)];
    s->point[i].behind = *first;
    *first = i;
}

static void divide(State *s, int64_t intervals) {
    s->intervals = intervals;
    for (int64_t i = 0; i < intervals; i++) s->first_in[i] = -1;
    for (int64_t i = 0; i < s->points; i++) file_point(s, i);
}

static inline void add_point(State *s, double time, double height, int64_t place) {
    if (s->points == MOST_POINTS) {
        s->failure = OVERFLOW;
        return;
    }
    int64_t i = s->points++;
    s->point[i] = (Point){time, height, place, -1};
    if (s->points > POINTS_PER_INTERVAL * s->intervals) divide(s, 2 * s->intervals);
    else file_point(s, i);
}

static void draw_cell(State *s, int64_t strip) {
    int64_t cell = strip * STRIP_STRIDE + s->block;
    seek(&s->attack_times, (uint64_t)(cell * CELL_UNIFORMS));
    int count = poisson(CELL_MEAN, CELL_MOST, uniform(&s->attack_times));
    for (int i = 0; i < count; i++) {
        double time = ((double)s->block + uniform(&s->attack_times)) * BLOCK_DAYS;
        double height = ((double)strip + uniform(&s->attack_times)) * STRIP_HEIGHT;
        if (time > s->now) add_point(s, time, height, (cell * (CELL_MOST + 1) + i) * POINT_UNIFORMS);
    }
}

static inline void reach(State *s, double intensity) {
    int64_t block = (int64_t)(s->now / BLOCK_DAYS);
    if (block != s->block) {
        s->block = block;
        s->strips = s->points = 0;
        divide(s, FEWEST_INTERVALS);
    }
    int64_t strips = (int64_t)(intensity / STRIP_HEIGHT) + 1;
    if (strips > STRIPS) {
        s->failure = OVERFLOW;
        strips = STRIPS;
    }
    for (; s->strips < strips; s->strips++) draw_cell(s, s->strips);
}

static inline int64_t next_point(const State *s, double intensity) {
    int64_t found = -1;
    for (int64_t interval = interval_of(s, s->now); found < 0 && interval < s->intervals; interval++)
        for (int64_t i = s->first_in[interval]; i >= 0; i = s->point[i].behind) {
            int counts = s->point[i].time > s->now && s->point[i].height < intensity;
            if (counts && (found < 0 || s->point[i].time <= s->point[found].time)) found = i;
        }
    return found;
}

/* ---- attacks */

static inline double exposure(State *s, const Parameters *p) {
    if (s->present == 0) return 0.0;
    if (s->initial == 0) return 1.0;
    if (s->presence_of != s->present) {
        s->presence_of = s->present;
        s->presence = power((double)s->present / (double)s->initial, p->elasticity);
    }
    return s->presence;
}

static inline double excitation(const State *s, const Parameters *p) {
    if (s->excitation == 0.0) return 0.0;
    if (s->excited_at == s->now) return s->excitation;
    return s->excitation * exp_of((s->excited_at - s->now) / p->decay_days);
}

static inline double intensity_with(const State *s, double left) { return s->suppressed * (s->background + left); }

static inline double intensity(const State *s, const Parameters *p) { return intensity_with(s, excitation(s, p)); }

static inline double due(State *s, const Parameters *p) {
    s->calm = p->attacks_per_day * exposure(s, p);
    s->background = s->calm * 1.0; /* no escalation */
    s->suppressed = s->present > 0 ? 1.0 : 0.0;
    double bound = intensity(s, p);
    s->candidate = -1;
    if (bound <= 0.0) return INFINITY;
    reach(s, bound);
    s->candidate = next_point(s, bound);
    return s->candidate >= 0 ? s->point[s->candidate].time : (double)(s->block + 1) * BLOCK_DAYS;
}

static inline int driver_of(const State *s, double height) {
    double level = height / s->suppressed;
    if (level < (s->background < s->calm ? s->background : s->calm)) return 0;
    return level < s->background ? 1 : 2;
}

static inline int64_t struck_site(const State *s, const Parameters *p, double u) {
    double total = (double)s->present * p->target_weight;
    return s->present > 0 && u * total < total ? 0 : -1;
}

static inline int kind_of_attack(const Parameters *p, double u) {
    double total = 0.0, reached = 0.0;
    for (int64_t i = 0; i < p->kinds; i++) total += p->kind_weight[i];
    for (int64_t i = 0; i < p->kinds - 1; i++) {
        reached += p->kind_weight[i];
        if (u * total < reached) return (int)i;
    }
    return (int)p->kinds - 1;
}

static inline void count(State *s, const Parameters *p, int driver) {
    while (s->now >= p->quarter_end[s->quarter]) s->quarter++;
    s->times += s->now;
    s->attacks++;
    s->by_driver[driver]++;
    s->by_quarter[s->quarter]++;
    s->since_tick++;
    if (s->present * 4 <= s->initial) s->tail_attacks++;
}

static inline void inflict(State *s, const Parameters *p) {
    if (s->expected_deaths < 0.0) s->expected_deaths = power_law_mean(p->severity_exponent, s->present);
    s->expected_killed += s->fatal_chance * s->expected_deaths;
    int kind = kind_of_attack(p, uniform(&s->attack_outcomes));
    int gets_through = uniform(&s->attack_outcomes) < p->kind_gets_through[kind];
    tell(s, 25, 0, kind, gets_through ? 1.0 : 0.0);
    int harms = uniform(&s->attack_outcomes) < p->harm_chance;
    if (gets_through && harms) s->failure = HARMED;
}

static inline void consider_response(State *s, const Parameters *p) {
    int answered = uniform(&s->attack_outcomes) < p->strike_chance;
    double u = uniform(&s->attack_outcomes);
    if (answered && p->has_response && s->strike_at == INFINITY)
        s->strike_at = s->now + duration(p->delay_days, p->delay_spread, u);
}

static inline void step(State *s, const Parameters *p) {
    if (s->candidate < 0) return;
    const Point *point = &s->point[s->candidate];
    double left = excitation(s, p);
    if (point->height >= intensity_with(s, left)) return;
    int driver = driver_of(s, point->height);
    s->excitation = left + p->branching_ratio / p->decay_days;
    s->excited_at = s->now;
    seek(&s->attack_outcomes, (uint64_t)point->place);
    int64_t site = struck_site(s, p, uniform(&s->attack_outcomes));
    count(s, p, driver);
    tell(s, 0, 0, (double)site, driver);
    inflict(s, p);
    consider_response(s, p);
}

/* ---- the clock, with its roster of processes, and the diary it keeps */

enum { TENSION, ATTACKS, RESPONSE, TALKS, PRESSURE, CLOSING_CREW, LIFT, THREAT, PROCESSES };
enum { TROOPS, ALL_TROOPS, WEEK, ALL_WEEK, TALK_STATE, HIGH, THREAT_INDEX, CAPABILITY_INDEX, RATIO_INDEX, ROWS };
enum { ROOM = 65536 };

typedef struct {
    int64_t day, week, entries, level[ROWS], attacks;
    double threat, capability, ratio;
    int64_t threat_steps, capability_steps, ratio_steps;
    int64_t row[ROOM], time[ROOM], to[ROOM];
} Diary;

static void enter(Diary *d, int64_t row, int64_t time, int64_t level) {
    if (time > 0 && level == d->level[row]) return;
    d->level[row] = level;
    d->row[d->entries] = row;
    d->time[d->entries] = time;
    d->to[d->entries++] = level;
}

static double logarithm(double index) { return index > 0.0 ? log_of(index) : -20.0; }

static int64_t steps_of(double x) {
    return (int64_t)floor(fmin(fmax(x, -20.0), 20.0) / 0.005 + 0.5);
}

static int64_t kept_steps(double index, double *last, int64_t *steps) {
    if (index != *last) {
        *last = index;
        *steps = steps_of(logarithm(index));
    }
    return *steps;
}

static void note_levels(const State *s, Diary *d) {
    enter(d, TROOPS, d->day, s->present);
    enter(d, ALL_TROOPS, d->day, s->present);
    enter(d, TALK_STATE, d->day, 0);
    enter(d, HIGH, d->day, 0);
    if (s->threat != d->threat) {
        d->threat = s->threat;
        d->threat_steps = steps_of(s->threat);
    }
    enter(d, THREAT_INDEX, d->day, d->threat_steps);
    enter(d, CAPABILITY_INDEX, d->day, kept_steps(s->capability, &d->capability, &d->capability_steps));
    enter(d, RATIO_INDEX, d->day, kept_steps(s->threat_ratio, &d->ratio, &d->ratio_steps));
}

static void note_week(const State *s, Diary *d) {
    int64_t attacks = s->attacks - d->attacks;
    d->attacks = s->attacks;
    enter(d, WEEK, d->week, attacks);
    enter(d, ALL_WEEK, d->week, attacks);
}

static inline void note(const State *s, const Parameters *p, Diary *d, double upto) {
    if (upto <= (double)d->day) return;
    int64_t days = (int64_t)p->horizon, weeks = days / 7 > 1 ? days / 7 : 1;
    if (d->day < days) note_levels(s, d);
    d->day = (int64_t)ceil(upto);
    for (; d->week < weeks && (d->week + 1) * 7 < d->day; d->week++) note_week(s, d);
}

static double ask(int process, State *s, const Parameters *p) {
    switch (process) {
    case ATTACKS: return due(s, p);
    case RESPONSE: return s->strike_at;
    default: return INFINITY; /* of these a scenario of attacks alone has none */
    }
}

static int replicate(State *s, const Parameters *p, Diary *d) {
    double when[PROCESSES];
    for (int i = 0; i < PROCESSES; i++) when[i] = ask(i, s, p);
    d->day = d->week = d->entries = d->attacks = d->threat_steps = d->capability_steps = d->ratio_steps = 0;
    d->threat = 0.0;
    d->capability = d->ratio = 1.0;
    for (;;) {
        int next = 0;
        for (int i = 1; i < PROCESSES; i++)
            if (when[i] < when[next]) next = i;
        if (!(when[next] < p->horizon)) break;
        note(s, p, d, when[next]);
        s->now = when[next];
        if (next == ATTACKS) step(s, p);
        if (s->failure) return s->failure;
        double time = ask(next, s, p);
        when[next] = time > s->now ? time : s->now;
        s->told = 0;
    }
    note(s, p, d, p->horizon);
    note(s, p, d, p->horizon + 1.0);
    return FINE;
}

/* Play ``replications`` replications from number ``first`` on; write OUTPUTS numbers of each. Return FINE, or what made
   a replication one that this program cannot play. */
int play(const Parameters *p, const uint32_t *seed, int words, const uint64_t keys[2], uint64_t first,
         int64_t replications, double *out) {
    static State s;
    static Diary d;
    prepare_jumps();
    for (int64_t i = 0; i < replications; i++, out += OUTPUTS) {
        begin(&s, p, seed, words, first + (uint64_t)i, keys);
        int failure = replicate(&s, p, &d);
        if (failure) return failure;
        out[0] = (double)s.attacks;
        out[1] = s.times;
        out[2] = s.expected_killed;
        out[3] = (double)s.by_driver[2];
        out[4] = s.excitation;
    }
    return FINE;
}

/* ---- the same by a program that can do nothing else: streams step from cell to cell instead of jumping from their
   beginning, the search for the next point goes on where it stopped, points that lie in the past are not filed, no
   intensity is worked out twice, and neither notes nor the delay of a strike that is never made are kept. */

typedef struct { double time, height; int strip, number; } ShortPoint;

typedef struct {
    double now, bound;
    int64_t block;
    int strips, points, next; /* next: first point after now */
    u128 times_strip, outcomes_block; /* where the next strip's cell and the block's outcomes begin in their streams */
    ShortPoint point[MOST_POINTS];
    Stream times, outcomes;
} Short;

static Jump cell_jump, strip_jump, block_jump, strips_jump[STRIPS], points_jump[CELL_MOST + 1];
static double poisson_reached[CELL_MOST];

static void prepare_short(void) {
    prepare_jumps();
    cell_jump = jump_of(CELL_UNIFORMS);
    strip_jump = jump_of((uint64_t)STRIP_STRIDE * CELL_UNIFORMS);
    block_jump = jump_of((CELL_MOST + 1) * POINT_UNIFORMS);
    for (uint64_t i = 0; i < STRIPS; i++)
        strips_jump[i] = jump_of(i * STRIP_STRIDE * (CELL_MOST + 1) * POINT_UNIFORMS);
    for (uint64_t i = 0; i <= CELL_MOST; i++) points_jump[i] = jump_of(i * POINT_UNIFORMS);
    double chance = exp_of(-CELL_MEAN), reached = chance;
    for (int i = 0; i < CELL_MOST; i++) {
        poisson_reached[i] = reached;
        chance = chance * CELL_MEAN / (i + 1);
        reached = reached + chance;
    }
}

static inline void short_cell(Short *s) {
    Stream r = s->times; /* a copy stays in registers */
    int strip = s->strips++, count = 0;
    r.state = s->times_strip;
    s->times_strip = jumped(r.state, r.increment, strip_jump);
    for (double u = uniform(&r); count < CELL_MOST && u >= poisson_reached[count];) count++;
    for (int i = 0; i < count; i++) {
        double time = ((double)s->block + uniform(&r)) * BLOCK_DAYS;
        double height = ((double)strip + uniform(&r)) * STRIP_HEIGHT;
        if (time <= s->now) continue;
        int j = s->points++;
        for (; j > s->next && s->point[j - 1].time > time; j--) s->point[j] = s->point[j - 1];
        s->point[j] = (ShortPoint){time, height, strip, i};
    }
}

/* Outcomes of an attack, drawn and seen to be without consequences. */
static inline int short_outcome(Short *s, const Parameters *p, const ShortPoint *point) {
    Stream r = s->outcomes;
    r.state = jumped(s->outcomes_block, r.increment, strips_jump[point->strip]);
    r.state = jumped(r.state, r.increment, points_jump[point->number]);
    uniform(&r); /* the only site */
    int kind = kind_of_attack(p, uniform(&r));
    int gets_through = uniform(&r) < p->kind_gets_through[kind], harms = uniform(&r) < p->harm_chance;
    int answered = uniform(&r) < p->strike_chance;
    return gets_through && harms ? HARMED : answered && p->has_response ? HARMED : FINE;
}

static int short_replication(Short *s, const Parameters *p, double fatal_chance, double deaths, double calm,
                             double out[OUTPUTS]) {
    double excitation = 0.0, excited_at = 0.0, times = 0.0, killed = 0.0, jump = p->branching_ratio / p->decay_days;
    double expected = fatal_chance * deaths;
    int64_t attacks = 0, contagious = 0;
    u128 times_block = s->times.origin;
    s->now = 0.0;
    s->outcomes_block = s->outcomes.origin;
    for (s->block = 0; (double)s->block * BLOCK_DAYS < p->horizon; s->block++) {
        s->now = (double)s->block * BLOCK_DAYS;
        s->strips = s->points = s->next = 0;
        s->times_strip = times_block;
        s->bound = calm + (excitation == 0.0 ? 0.0 : excitation * exp_of((excited_at - s->now) / p->decay_days));
        for (;;) {
            int strips = (int)(s->bound / STRIP_HEIGHT) + 1;
            if (strips > STRIPS) return OVERFLOW;
            while (s->strips < strips) short_cell(s);
            while (s->next < s->points && !(s->point[s->next].height < s->bound)) s->next++;
            if (s->next == s->points || s->point[s->next].time >= p->horizon) break;
            const ShortPoint *point = &s->point[s->next++];
            s->now = point->time;
            double left = excitation == 0.0 ? 0.0 : excitation * exp_of((excited_at - s->now) / p->decay_days);
            s->bound = calm + left;
            if (point->height >= s->bound) continue;
            contagious += point->height >= calm;
            excitation = left + jump;
            excited_at = s->now;
            s->bound = calm + excitation;
            attacks++;
            times += s->now;
            killed += expected;
            if (short_outcome(s, p, point)) return HARMED;
        }
        times_block = jumped(times_block, s->times.increment, cell_jump);
        s->outcomes_block = jumped(s->outcomes_block, s->outcomes.increment, block_jump);
    }
    out[0] = (double)attacks;
    out[1] = times;
    out[2] = killed;
    out[3] = (double)contagious;
    out[4] = excitation;
    return FINE;
}

int play_short(const Parameters *p, const uint32_t *seed, int words, const uint64_t keys[2], uint64_t first,
               int64_t replications, double *out) {
    static Short s;
    prepare_short();
    double deaths = power_law_mean(p->severity_exponent, p->troops), fatal_chance = fatal_chance_of(p);
    double calm = p->attacks_per_day * power(1.0, p->elasticity);
    for (int64_t i = 0; i < replications; i++, out += OUTPUTS) {
        open_stream(&s.times, seed, words, first + (uint64_t)i, keys[0]);
        open_stream(&s.outcomes, seed, words, first + (uint64_t)i, keys[1]);
        int failure = short_replication(&s, p, fatal_chance, deaths, calm, out);
        if (failure) return failure;
    }
    return FINE;
}

/* ---- a plain Hawkes process with an exponential kernel, by thinning (Ogata 1981): what the rivals simulate. Scenarios
   share no points here: an event costs what the generator and two elementary functions cost. */

int hawkes(double background, double branching_ratio, double decay_days, double horizon, uint32_t seed,
           int64_t replications, double *times, int64_t room, double *events) {
    double jump = branching_ratio / decay_days;
    for (int64_t i = 0; i < replications; i++) {
        Stream r;
        int64_t count = 0;
        double now = 0.0, excitation = 0.0;
        open_stream(&r, &seed, 1, (uint64_t)i, 1ULL << 63);
        for (;;) {
            double bound = background + excitation, wait = -log1p(-uniform(&r)) / bound;
            now += wait;
            if (now >= horizon) break;
            excitation *= exp(-wait / decay_days);
            if (uniform(&r) * bound >= background + excitation) continue;
            if (count == room) return OVERFLOW;
            times[count++] = now;
            excitation += jump;
        }
        events[i] = (double)count;
    }
    return FINE;
}
