package dev.belay.chaos.inject.plane;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.Time;
import dev.belay.chaos.inject.LiveRules;
import dev.belay.chaos.inject.PolicyRefused;
import dev.belay.chaos.inject.RuleFeed;
import dev.belay.chaos.inject.StrikeReceipt;
import dev.belay.chaos.wire.Json;
import dev.belay.chaos.wire.WireException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The line between a data plane and the control plane: rules come over it as they change, or are
 * asked for where the control plane has no stream; receipts and the version in force go back. All
 * of it happens on threads of its own: traffic waits for none of it. Safe for any number of
 * threads.
 */
public final class ControlLink implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlLink.class);
  private static final int MOST_WAITING = 10_000;
  private static final int MOST_AT_ONCE = 500;
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final long FIRST_PAUSE_NANOS = Duration.ofMillis(100).toNanos();
  private static final long LONGEST_PAUSE_NANOS = Duration.ofSeconds(2).toNanos();
  private static final long BEAT_NANOS = Duration.ofMillis(100).toNanos();
  private static final int BEATS_A_REPORT = 20;

  private final PlaneSettings settings;
  private final ControlAddress control;
  private final LiveRules rules;
  private final Time time;
  private final HttpClient client;
  private final BlockingQueue<StrikeReceipt> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final AtomicLong lost = new AtomicLong();
  private final AtomicReference<Optional<InputStream>> stream =
      new AtomicReference<>(Optional.empty());
  private final ReentrantLock sending = new ReentrantLock();

  @GuardedBy("sending")
  private long reported = -1;

  private final List<Thread> threads = new ArrayList<>();

  private ControlLink(PlaneSettings settings, ControlAddress control, LiveRules rules, Time time) {
    this.settings = settings;
    this.control = control;
    this.rules = rules;
    this.time = time;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT)
            .executor(Thread::startVirtualThread)
            .build();
  }

  /**
   * Begins to listen, and goes on until it is closed, whatever the control plane does.
   *
   * @param rules where the rules go
   */
  public static ControlLink start(
      PlaneSettings settings, ControlAddress control, LiveRules rules, Time time) {
    ControlLink link = new ControlLink(settings, control, rules, time);
    link.threads.add(Thread.ofVirtual().name("belay-fault-rules").start(link::listen));
    link.threads.add(Thread.ofVirtual().name("belay-fault-reports").start(link::reportAndGoOn));
    return link;
  }

  /** Sends a receipt when it can; of too many that wait, those that come last are lost. */
  public void send(StrikeReceipt receipt) {
    if (!waiting.offer(receipt)) {
      lost.incrementAndGet();
    }
  }

  /** How many receipts were lost, because they could not be sent for too long. */
  public long lostReceipts() {
    return lost.get();
  }

  private void listen() {
    long pause = FIRST_PAUSE_NANOS;
    try {
      while (!Thread.currentThread().isInterrupted()) {
        try {
          boolean heard = subscribe();
          pause = heard ? FIRST_PAUSE_NANOS : Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        } catch (IOException | WireException | PolicyRefused broken) {
          LOG.debug("no rules from {}: {}", control, broken.toString());
          pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        }
        time.sleep(pause);
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  /** Follows the stream to its end; without one, asks once. */
  private boolean subscribe() throws IOException, InterruptedException {
    HttpRequest request =
        control
            .at(
                "/v1/config/stream?agent=%s&lease_ms=%d"
                    .formatted(settings.id(), rules.lease().toMillis()))
            .header("Accept", "text/event-stream")
            .timeout(ANSWER)
            .build();
    HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      if (response.statusCode() != 200) {
        return poll();
      }
      stream.set(Optional.of(body));
      EventLines events = new EventLines(body, rules::heard);
      Optional<EventLines.Event> event = events.next();
      while (event.isPresent()) {
        take(event.get().id(), event.get().data());
        event = events.next();
      }
      return true;
    } finally {
      stream.set(Optional.empty());
    }
  }

  private boolean poll() throws IOException, InterruptedException {
    HttpRequest request = control.at("/v1/policies").timeout(ANSWER).build();
    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      return false;
    }
    take("", response.body());
    return true;
  }

  /** Takes all rules or none: a set that cannot be read leaves the last good one in force. */
  private void take(String id, String text) {
    try {
      rules.replace(number(id), RuleFeed.read(text));
      boolean unused = report();
    } catch (WireException | PolicyRefused broken) {
      LOG.warn("rules from {} cannot be read and are left: {}", control, broken.getMessage());
    }
  }

  private static long number(String id) {
    try {
      return Long.parseLong(id);
    } catch (NumberFormatException none) {
      return -1;
    }
  }

  private void reportAndGoOn() {
    try {
      for (int beat = 0; !Thread.currentThread().isInterrupted(); beat++) {
        time.sleep(BEAT_NANOS);
        breakSilence();
        if ((!waiting.isEmpty() || beat % BEATS_A_REPORT == 0) && !report()) {
          time.sleep(LONGEST_PAUSE_NANOS);
        }
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  /** A stream that says nothing any more is left, and asked for anew. */
  private void breakSilence() {
    if (rules.silent().compareTo(rules.lease()) > 0) {
      closeStream();
    }
  }

  private void closeStream() {
    stream
        .getAndSet(Optional.empty())
        .ifPresent(open -> {
          try {
            open.close();
          } catch (IOException gone) {
            LOG.debug("the stream of rules was gone already: {}", gone.toString());
          }
        });
  }

  /**
   * Sends all receipts that wait, and the version in force with the last of them: whoever sees a
   * version has all that was struck before it. One at a time, so that none is still on its way
   * then.
   */
  private boolean report() {
    sending.lock();
    try {
      long version = rules.version();
      boolean last;
      do {
        List<StrikeReceipt> some = new ArrayList<>();
        waiting.drainTo(some, MOST_AT_ONCE);
        last = waiting.isEmpty();
        if (!post(some, last ? version : reported)) {
          some.forEach(this::send);
          return false;
        }
      } while (!last);
      reported = version;
      return true;
    } finally {
      sending.unlock();
    }
  }

  private boolean post(List<StrikeReceipt> receipts, long version) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("services", settings.fronts().stream().map(Front::service).distinct().toList());
    tree.put("applied_version", version);
    tree.put("receipts", receipts.stream().map(StrikeReceipt::write).toList());
    HttpRequest request =
        control
            .at("/v1/agents/" + settings.id())
            .header("Content-Type", "application/json")
            .timeout(ANSWER)
            .POST(BodyPublishers.ofString(Json.write(tree)))
            .build();
    try {
      // a control plane that does not know receipts will not know them later
      return client.send(request, BodyHandlers.discarding()).statusCode() < 500;
    } catch (IOException away) {
      return false;
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Stops listening and reporting. Rules that are in force stay so for their lease. */
  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
    closeStream();
    client.shutdownNow();
  }
}
