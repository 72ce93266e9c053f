package dev.belay.testkit.chaos;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.ReceivedRequest;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A data plane of a {@link PublishedExecutor}, in front of one service. Safe for any number of
 * threads.
 */
public final class PublishedPlane implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final long FIRST_POLL = 1_000;
  private static final long NEXT_POLL = 30_000;
  private static final long MOST_DELAY = 30_000;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Place place;
  private final Set<Limit> limits;
  private final Moment clock;
  private final URI policies;
  private final FaultyOrigin front;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .executor(Thread::startVirtualThread)
          .build();
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Random random;

  @GuardedBy("lock")
  private List<PublishedRule> rules = List.of();

  @GuardedBy("lock")
  private long nextPoll;

  @GuardedBy("lock")
  private boolean reconnecting;

  @GuardedBy("lock")
  private long aborts;

  @GuardedBy("lock")
  private long delays;

  /**
   * Where a data plane stands.
   *
   * @param service its name for selectors
   * @param upstream the service behind it
   */
  record Place(String service, URI upstream) {}

  PublishedPlane(Place place, Set<Limit> limits, Moment clock, Random random, URI policies) {
    this.place = place;
    this.limits = limits;
    this.clock = clock;
    this.random = random;
    this.policies = policies;
    this.nextPoll = clock.millis() + FIRST_POLL;
    this.front = FaultyOrigin.start(Script.answering(this::answer));
  }

  /** Where it answers in place of the service. */
  public URI uri() {
    return front.uri();
  }

  /** The same with a path. */
  public URI uri(String path) {
    return front.uri(path);
  }

  /** How many answers it counts as aborted. */
  public long aborts() {
    lock.lock();
    try {
      return aborts;
    } finally {
      lock.unlock();
    }
  }

  /** How many requests it counts as delayed. */
  public long delays() {
    lock.lock();
    try {
      return delays;
    } finally {
      lock.unlock();
    }
  }

  /** Polls if it is time to. */
  void tick() {
    lock.lock();
    try {
      if (clock.millis() < nextPoll) {
        return;
      }
      nextPoll = clock.millis() + NEXT_POLL;
      if (reconnecting && limits.contains(Limit.DEAF_AFTER_A_FAILED_POLL)) {
        return;
      }
      poll();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void poll() {
    try {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(policies).timeout(PATIENCE).build(), BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        reconnecting = true;
        return;
      }
      reconnecting = false;
      List<PublishedRule> before = rules;
      List<PublishedRule> next = new ArrayList<>();
      for (JsonNode policy : JSON.readTree(response.body()).path("policies")) {
        next.addAll(PublishedRule.of(policy, place.service(), limits, clock.millis()));
      }
      if (!limits.contains(Limit.AGE_BEGINS_ANEW)) {
        next.replaceAll(rule -> rule.asOldAs(before));
      }
      rules = List.copyOf(next);
    } catch (IOException broken) {
      reconnecting = true;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private Reply answer(ReceivedRequest request) {
    PublishedRule struck = null;
    lock.lock();
    try {
      for (PublishedRule rule : rules) {
        if (rule.fits(request)) {
          struck = rule.isOver(clock.millis()) || !falls(rule) ? null : rule;
          break;
        }
      }
      if (struck != null && struck.delayMillis() > 0) {
        delays += limits.contains(Limit.DELAYS_UNCOUNTED) ? 0 : 1;
      } else if (struck != null) {
        aborts++;
      }
    } finally {
      lock.unlock();
    }
    if (struck == null) {
      return forward(request, Duration.ZERO);
    }
    if (struck.delayMillis() > 0) { // and the abort of the same rule is lost
      long millis =
          limits.contains(Limit.NO_DELAY) ? 1 : Math.min(MOST_DELAY, struck.delayMillis());
      return forward(request, Duration.ofMillis(millis));
    }
    return Reply.status(struck.status())
        .header("content-type", "text/plain")
        .header("x-fault-injected", "abort")
        .body("Fault injection: Service unavailable");
  }

  @GuardedBy("lock")
  private boolean falls(PublishedRule rule) {
    int sides = limits.contains(Limit.UNFAIR_DICE) ? 101 : 100;
    return random.nextInt(sides) < rule.percentage();
  }

  private Reply forward(ReceivedRequest request, Duration after) {
    try {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(place.upstream().resolve(request.target()))
                  .timeout(PATIENCE)
                  .method(request.method(), BodyPublishers.ofByteArray(request.body()))
                  .build(),
              BodyHandlers.ofString());
      return Reply.status(response.statusCode()).body(response.body()).delayed(after);
    } catch (IOException broken) {
      return Reply.status(502);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return Reply.status(502);
    }
  }

  /** Ends it for good. Further calls do nothing. */
  @Override
  public void close() {
    front.close();
    client.shutdownNow();
  }
}
