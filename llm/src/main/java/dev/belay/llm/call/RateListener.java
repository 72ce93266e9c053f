package dev.belay.llm.call;

import static java.util.Objects.requireNonNull;

import dev.belay.http.RateAdvice;
import dev.belay.http.RateHints;
import dev.belay.llm.delay.DelaySettings;
import dev.belay.llm.delay.GateKey;
import dev.belay.llm.delay.Gates;
import dev.belay.llm.provider.Headers;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.transport.HeadListener;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * Teaches gates what good answers say of allowances, so that nobody has to be refused to learn that
 * one is used up. For the transport of whoever brings their own to {@link LlmClient}. Safe for any
 * number of threads.
 */
public final class RateListener implements HeadListener {
  private static final int OK = 200;
  private static final int ABOVE_OK = 300;

  private final Gates gates;
  private final Supplier<DelaySettings> settings;

  /**
   * Teaches these gates.
   *
   * @param settings asked for each answer
   */
  public RateListener(Gates gates, Supplier<DelaySettings> settings) {
    this.gates = requireNonNull(gates, "gates");
    this.settings = requireNonNull(settings, "settings");
  }

  @Override
  public void heard(LlmEndpoint endpoint, int status, Headers headers, Instant arrived) {
    DelaySettings now = settings.get();
    boolean good = status >= OK && status < ABOVE_OK;
    if (!good || !now.enabled() || !now.hints().honored()) {
      return;
    }
    RateAdvice advice = RateHints.read(RateHints.Reply.of(headers::all, arrived));
    if (!advice.buckets().isEmpty()) {
      gates
          .gate(GateKey.of(now, endpoint.provider(), endpoint.account(), endpoint.model()))
          .learn(advice);
    }
  }
}
