package dev.belay.server.store;

import dev.belay.llm.form.Words;
import dev.belay.llm.json.Json;
import dev.belay.llm.json.JsonException;
import dev.belay.llm.review.ReviewFilter;
import dev.belay.llm.review.ReviewForm;
import dev.belay.llm.review.ReviewItem;
import dev.belay.llm.review.ReviewState;
import dev.belay.llm.review.ReviewStats;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The table of reviews. A row says {@code open} until somebody settles it; whether the time of an
 * open one is over, each reader sees by its own clock.
 */
final class ReviewRows {
  private static final String INSERT =
      """
      insert into belay_reviews (ticket, place, tenant, state, created, ends, item)
      values (?, ?, ?, ?, ?, ?, ?)
      """;

  /** Only one of many that settle at the same time changes a row. */
  private static final String SETTLE =
      "update belay_reviews set state = ?, ends = ?, item = ? where ticket = ? and state = 'open'";

  private static final String COUNT =
      """
      select case when state = 'open' and ends <= ? then 'expired' else state end as shown,
        count(*) as many, avg(ends - created) as took
      from belay_reviews group by 1
      """;

  private ReviewRows() {}

  /** Adds an open item, unless as many as may be are open: then false. */
  static boolean add(Handle handle, ReviewItem item, int mostOpen) {
    handle.execute("update belay_reviews_turn set parked = parked + 1");
    long open =
        handle
            .select(
                "select count(*) from belay_reviews where state = 'open' and ends > ?",
                nanos(item.created()))
            .mapTo(Long.class)
            .one();
    if (open >= mostOpen) {
      return false;
    }
    handle.execute(
        INSERT,
        item.ticket(),
        item.cursor(),
        quoted(item.parked().tenant()),
        Words.of(item.state()),
        nanos(item.created()),
        nanos(item.expires()),
        text(item));
    return true;
  }

  static Optional<ReviewItem> find(Handle handle, String ticket) {
    return handle
        .select("select item from belay_reviews where ticket = ?", ticket)
        .mapTo(String.class)
        .findOne()
        .map(ReviewRows::item);
  }

  static Optional<ReviewState> state(Handle handle, String ticket, Instant now) {
    return handle
        .select(
            """
            select case when state = 'open' and ends <= ? then 'expired' else state end
            from belay_reviews where ticket = ?
            """,
            nanos(now),
            ticket)
        .mapTo(String.class)
        .findOne()
        .map(ReviewRows::state);
  }

  private static ReviewState state(String word) {
    return ReviewState.valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** Writes down how it came out; false if somebody else has settled it, or it is gone. */
  static boolean settle(Handle handle, ReviewItem item, Instant at) {
    return handle.execute(SETTLE, Words.of(item.state()), nanos(at), text(item), item.ticket())
        == 1;
  }

  /** One item more than a page has, if there are so many. */
  static List<ReviewItem> page(Handle handle, ReviewFilter filter, Instant now) {
    List<Object> values = new ArrayList<>();
    StringBuilder query = new StringBuilder("select item from belay_reviews where place > ?");
    values.add(quoted(filter.after()));
    if (!filter.tenant().isEmpty()) {
      query.append(" and tenant = ?");
      values.add(quoted(filter.tenant()));
    }
    if (!filter.states().isEmpty()) {
      List<String> any = new ArrayList<>();
      filter.states().forEach(state -> any.add(inState(state, nanos(now), values)));
      query.append(" and (").append(String.join(" or ", any)).append(')');
    }
    query.append(" order by place limit ?");
    values.add(filter.limit() + 1);
    return handle
        .select(query.toString(), values.toArray())
        .mapTo(String.class)
        .map(ReviewRows::item)
        .map(item -> item.at(now))
        .list();
  }

  private static String inState(ReviewState state, long now, List<Object> values) {
    return switch (state) {
      case OPEN -> {
        values.add(now);
        yield "(state = 'open' and ends > ?)";
      }
      case EXPIRED -> {
        values.add(now);
        yield "state = 'expired' or (state = 'open' and ends <= ?)";
      }
      case APPROVED, EDITED, RETRIED, REJECTED -> {
        values.add(Words.of(state));
        yield "state = ?";
      }
    };
  }

  static ReviewStats stats(Handle handle, Instant now) {
    Map<ReviewState, Long> counts = new EnumMap<>(ReviewState.class);
    for (ReviewState state : ReviewState.values()) {
      counts.put(state, 0L);
    }
    List<Count> found =
        handle
            .select(COUNT, nanos(now))
            .map((row, context) ->
                new Count(
                    state(row.getString("shown")), row.getLong("many"), row.getDouble("took")))
            .list();
    double total = 0;
    long decided = 0;
    for (Count count : found) {
      counts.put(count.state(), count.many());
      if (count.state() != ReviewState.OPEN && count.state() != ReviewState.EXPIRED) {
        total += count.meanNanos() * count.many();
        decided += count.many();
      }
    }
    Duration mean = decided == 0 ? Duration.ZERO : Duration.ofNanos(Math.round(total / decided));
    return new ReviewStats(counts, mean);
  }

  /** How many there are in a state, and how long they took. */
  private record Count(ReviewState state, long many, double meanNanos) {}

  /** Forgets what was settled before a moment. */
  static void removeBefore(Handle handle, Instant moment) {
    handle.execute("delete from belay_reviews where ends < ?", nanos(moment));
  }

  /** The last moment there is for what lies beyond it, in the year 2262. */
  private static long nanos(Instant moment) {
    try {
      return Math.addExact(
          Math.multiplyExact(moment.getEpochSecond(), 1_000_000_000L), moment.getNano());
    } catch (ArithmeticException beyond) {
      return moment.getEpochSecond() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }

  /**
   * The item as it will be read again.
   *
   * @throws JsonException if it is nested too deeply for that
   */
  static ReviewItem asKept(ReviewItem item) {
    return item(text(item));
  }

  private static ReviewItem item(String text) {
    return ReviewForm.read(Json.parse(text));
  }

  private static String text(ReviewItem item) {
    return whole(ReviewForm.write(item).toString());
  }

  /** As it stands in JSON between the quotes: the same for what is plain, and fit for a column. */
  private static String quoted(String text) {
    String json = whole(Json.of(text).toString());
    return json.substring(1, json.length() - 1);
  }

  /** Escapes halves of characters, which models do bring, and no database takes. */
  private static String whole(String json) {
    StringBuilder escaped = new StringBuilder(json.length());
    json.codePoints()
        .forEach(character -> {
          if (character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE) {
            escaped.append("\\u%04x".formatted(character));
          } else {
            escaped.appendCodePoint(character);
          }
        });
    return escaped.toString();
  }
}
