package dev.belay.server.store;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import dev.belay.Time;
import dev.belay.llm.review.Decision;
import dev.belay.llm.review.ReviewCase;
import dev.belay.llm.review.ReviewException;
import dev.belay.llm.review.ReviewFilter;
import dev.belay.llm.review.ReviewItem;
import dev.belay.llm.review.ReviewNotifier;
import dev.belay.llm.review.ReviewPage;
import dev.belay.llm.review.ReviewPolling;
import dev.belay.llm.review.ReviewQueue;
import dev.belay.llm.review.ReviewState;
import dev.belay.llm.review.ReviewStats;
import dev.belay.llm.review.ReviewStatus;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;

/**
 * Reviews in a database, which outlive the process and which all servers on that database share.
 * Whoever settles an item first wins, on whatever server. Throws {@link
 * java.io.UncheckedIOException} while the database fails. Safe for any number of threads.
 */
final class SqlReviews implements ReviewQueue {
  private static final Pattern TICKET = Pattern.compile("[A-Za-z0-9_-]{1,100}");

  private final Sql sql;
  private final Limits limits;
  private final Time time;
  private final Executor executor;
  private final ReviewNotifier notifier;
  private final ReviewPolling polling;

  /** Always this one: who knows a ticket gets the answer that was decided. */
  private final SecureRandom random = new SecureRandom();

  /**
   * How much is kept, and how often it is looked at.
   *
   * @param mostOpen the most items that are open at once, on all servers, 1 to 1,000,000
   * @param retention how long settled items are kept, more than 0
   * @param interval between two looks for a decision, more than 0
   */
  record Limits(int mostOpen, Duration retention, Duration interval) {
    /** 10,000 open ones, 30 days, 2 s. */
    static final Limits DEFAULT = new Limits(10_000, Duration.ofDays(30), Duration.ofSeconds(2));

    Limits {
      Check.that(
          mostOpen >= 1 && mostOpen <= 1_000_000,
          "mostOpen must be 1 to 1,000,000, was %d",
          mostOpen);
      Check.that(retention.isPositive(), "retention must be more than 0, was %s", retention);
      Check.that(interval.isPositive(), "interval must be more than 0, was %s", interval);
    }
  }

  /**
   * Reads nothing yet.
   *
   * @param executor on which notifiers run, and on which it looks for decisions: both may block
   * @param notifier hears of what this server parks and settles
   */
  SqlReviews(Sql sql, Limits limits, Time time, Executor executor, ReviewNotifier notifier) {
    this.sql = sql;
    this.limits = limits;
    this.time = requireNonNull(time, "time");
    this.executor = requireNonNull(executor, "executor");
    this.notifier = requireNonNull(notifier, "notifier");
    this.polling = new ReviewPolling(this, limits.interval(), time, executor);
  }

  @Override
  public ReviewItem park(ReviewCase parked, Duration timeToLive) {
    Check.that(timeToLive.isPositive(), "time_to_live must be more than 0, was %s", timeToLive);
    Instant now = time.instant();
    String ticket = "rev-%016x%016x".formatted(random.nextLong(), random.nextLong());
    // what cannot be read again would spoil every list that it is on, so it is refused here
    ReviewItem item =
        ReviewRows.asKept(
            new ReviewItem(ticket, now, now.plus(timeToLive), parked, new ReviewStatus.Open()));
    boolean added =
        sql.change(handle -> {
          ReviewRows.removeBefore(handle, now.minus(limits.retention()));
          return ReviewRows.add(handle, item, limits.mostOpen());
        });
    if (!added) {
      throw ReviewException.full(limits.mostOpen());
    }
    tell(item);
    return item;
  }

  @Override
  public Optional<ReviewItem> find(String ticket) {
    return TICKET.matcher(ticket).matches()
        ? read(ticket).flatMap(this::current)
        : Optional.empty();
  }

  @Override
  public Optional<ReviewState> state(String ticket) {
    Instant now = time.instant();
    return TICKET.matcher(ticket).matches()
        ? sql.read(handle -> ReviewRows.state(handle, ticket, now))
        : Optional.empty();
  }

  private Optional<ReviewItem> read(String ticket) {
    return sql.read(handle -> ReviewRows.find(handle, ticket));
  }

  /**
   * The first who sees that the time is over writes it down, so that no server whose clock is
   * behind lets somebody decide what another one has told to be expired.
   */
  private Optional<ReviewItem> current(ReviewItem found) {
    ReviewItem now = found.at(time.instant());
    if (now.state() == found.state()) {
      return Optional.of(found);
    }
    return settle(now, now.expires()) ? Optional.of(now) : read(found.ticket());
  }

  private boolean settle(ReviewItem item, Instant at) {
    boolean settled = sql.change(handle -> ReviewRows.settle(handle, item, at));
    if (settled) {
      tell(item);
    }
    return settled;
  }

  @Override
  public ReviewItem decide(String ticket, Decision decision, String reviewer) {
    while (true) {
      ReviewItem before = find(ticket).orElseThrow(() -> ReviewException.unknown(ticket));
      Instant now = time.instant();
      ReviewItem after = before.decided(decision, reviewer, now);
      if (before.state() != ReviewState.OPEN || settle(after, now)) {
        return after;
      }
      // somebody was faster, and the next look shows what it was
    }
  }

  @Override
  public ReviewPage list(ReviewFilter filter) {
    Instant now = time.instant();
    List<ReviewItem> found = sql.read(handle -> ReviewRows.page(handle, filter, now));
    return ReviewPage.of(found, filter);
  }

  @Override
  public ReviewStats stats() {
    Instant now = time.instant();
    return sql.read(handle -> ReviewRows.stats(handle, now));
  }

  @Override
  public CompletionStage<ReviewItem> settled(String ticket) {
    return polling.settled(ticket);
  }

  /** Forgets what was settled longer ago than it is to be kept; for whoever comes by regularly. */
  void removeOld() {
    Instant before = time.instant().minus(limits.retention());
    sql.write(handle -> ReviewRows.removeBefore(handle, before));
  }

  private void tell(ReviewItem item) {
    executor.execute(() -> {
      try {
        notifier.changed(item);
      } catch (RuntimeException ignored) {
        // the review itself is safe; who was not told finds it in the list
      }
    });
  }
}
