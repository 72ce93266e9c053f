package dev.belay.llm.delay;

import static java.util.Objects.requireNonNull;

import dev.belay.Time;
import dev.belay.http.RateAdvice;
import dev.belay.http.RateHints;
import dev.belay.llm.provider.Headers;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.transport.HeadListener;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * Tells gates what the head of each answer says: they close as soon as somebody is turned away, and
 * before anybody is when an allowance is used up. Safe for any number of threads.
 */
public final class GateListener implements HeadListener {
  private final Gates gates;
  private final Supplier<DelaySettings> settings;
  private final Time time;

  /**
   * For the answers of all endpoints.
   *
   * @param settings asked for each answer: whether hints count, and who shares a gate
   */
  public GateListener(Gates gates, Supplier<DelaySettings> settings, Time time) {
    this.gates = requireNonNull(gates, "gates");
    this.settings = requireNonNull(settings, "settings");
    this.time = requireNonNull(time, "time");
  }

  @Override
  public void heard(LlmEndpoint endpoint, int status, Headers headers, Instant arrived) {
    DelaySettings now = settings.get();
    if (!now.enabled() || !now.hints().honored() || !isTelling(headers)) {
      return;
    }
    RateAdvice advice =
        RateHints.read(RateHints.Reply.of(headers::all, arrived))
            .minus(Duration.between(arrived, time.instant()));
    Gate gate =
        gates.gate(GateKey.of(now, endpoint.provider(), endpoint.account(), endpoint.model()));
    gate.learn(advice);
    if (status == 429 || status == 503 || status == 529) {
      gate.close(advice.after(), advice.hintInFull().source());
    }
  }

  /** Most answers of most servers say nothing; that is seen at a glance. */
  private static boolean isTelling(Headers headers) {
    for (String name : headers.values().keySet()) {
      if (name.contains("rate") || name.contains("retry")) {
        return true;
      }
    }
    return false;
  }
}
