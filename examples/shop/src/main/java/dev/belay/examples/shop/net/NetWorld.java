package dev.belay.examples.shop.net;

import dev.belay.Time;
import dev.belay.examples.shop.Answer;
import dev.belay.examples.shop.Ask;
import dev.belay.examples.shop.CallFailed;
import dev.belay.examples.shop.World;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Calls over HTTP, with the order that they belong to in a header. Knows nothing of traces and
 * baggage: what watches the process hands those on.
 */
final class NetWorld implements World {
  /** Which order a call belongs to. */
  static final String ORDER = "x-order";

  private static final double NOISE = 0.2;

  private final Means means;
  private final String order;
  private final long fromNanos;

  /**
   * What calls are made with.
   *
   * @param client sends them
   * @param peers where each service that may be called listens
   * @param time how long anything takes
   * @param random noise and chance; safe for any number of threads
   */
  record Means(HttpClient client, Map<String, URI> peers, Time time, RandomGenerator random) {
    Means {
      peers = Map.copyOf(peers);
    }
  }

  NetWorld(Means means, String order) {
    this.means = means;
    this.order = order;
    this.fromNanos = means.time().nanos();
  }

  @Override
  public Answer call(String callee, Ask ask, Duration timeout)
      throws CallFailed, InterruptedException {
    URI peer =
        Optional.ofNullable(means.peers().get(callee))
            .orElseThrow(() -> new CallFailed(CallFailed.Kind.RESET, "nobody knows " + callee));
    HttpRequest request =
        HttpRequest.newBuilder(peer.resolve(ask.path()))
            .timeout(timeout)
            .header(ORDER, order)
            .method(
                ask.method(),
                ask.values().isEmpty()
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(Values.write(ask.values())))
            .build();
    try {
      return read(means.client().send(request, BodyHandlers.ofString()));
    } catch (HttpTimeoutException late) {
      throw new CallFailed(
          CallFailed.Kind.TIMEOUT, "no answer in %dms".formatted(timeout.toMillis()));
    } catch (IOException broken) {
      throw new CallFailed(CallFailed.Kind.RESET, String.valueOf(broken.getMessage()));
    }
  }

  /** What stands in an error is not read. */
  private static Answer read(HttpResponse<String> response) throws CallFailed {
    if (response.statusCode() >= 400) {
      return Answer.failed(response.statusCode());
    }
    try {
      return new Answer(response.statusCode(), Values.read(response.body()));
    } catch (IllegalArgumentException garbled) {
      throw new CallFailed(CallFailed.Kind.GARBLED, String.valueOf(garbled.getMessage()));
    }
  }

  @Override
  public void work(Duration length) throws InterruptedException {
    double share = 1 + NOISE * (means.random().nextDouble() * 2 - 1);
    means.time().sleep((long) (length.toNanos() * share));
  }

  @Override
  public long elapsedMillis() {
    return (means.time().nanos() - fromNanos) / 1_000_000;
  }

  @Override
  public double chance() {
    return means.random().nextDouble();
  }
}
