package dev.belay.server.live;

import static java.util.Objects.requireNonNull;

import dev.belay.Call;
import dev.belay.CallObserver;
import dev.belay.CallReport;
import dev.belay.Check;
import dev.belay.Time;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The calls that are under way: where each one is, which attempt it makes, and when the next one
 * comes. Follows a bounded number; calls beyond it are served as ever but cannot be seen here.
 * Tells the feed of calls that are tried again and of calls that failed. Safe for any number of
 * threads.
 */
public final class LiveRequests implements CallObserver {

  /** More than this would be of no use to whoever looks. */
  public static final int MOST = 10_000;

  private final Set<LiveRequest> requests = ConcurrentHashMap.newKeySet();
  private final AtomicLong next;
  private final LongAdder unseen = new LongAdder();
  private final Time time;
  private final EventFeed feed;
  private final int most;

  /** Follows up to {@link #MOST} calls. */
  public LiveRequests(Time time, EventFeed feed) {
    this(time, feed, MOST);
  }

  /**
   * Follows as many as wanted.
   *
   * @param most calls at once, at least 1
   */
  public LiveRequests(Time time, EventFeed feed, int most) {
    Check.that(most >= 1, "most must be at least 1, was %d", most);
    this.time = requireNonNull(time, "time");
    this.feed = requireNonNull(feed, "feed");
    this.most = most;
    // ids of two runs differ, so that nobody takes a new request for an old one
    this.next = new AtomicLong(time.instant().toEpochMilli() << 20);
  }

  @Override
  public CallObserver begun(Call call, String policy) {
    if (requests.size() >= most) {
      unseen.increment();
      return this;
    }
    LiveRequest request = new LiveRequest(this, next.incrementAndGet(), call, policy);
    requests.add(request);
    return request;
  }

  /** Of a call that is not followed. */
  @Override
  public void finished(Call call, CallReport report) {
    CallEvents.failure(report, "").ifPresent(data -> feed.publish(EventFeed.CALL_FAILED, data));
  }

  void over(LiveRequest request) {
    requests.remove(request);
  }

  Time time() {
    return time;
  }

  EventFeed feed() {
    return feed;
  }

  /** Those under way, the oldest first. */
  public List<RequestView> all() {
    return requests.stream()
        .map(LiveRequest::view)
        .sorted(Comparator.comparing(RequestView::id))
        .toList();
  }

  /** One of them; empty once it is over. */
  public Optional<RequestView> find(String id) {
    return requests.stream()
        .filter(request -> request.id().equals(id))
        .findAny()
        .map(LiveRequest::view);
  }

  /** How many calls could not be followed since the start, because there were too many. */
  public long unseen() {
    return unseen.sum();
  }
}
