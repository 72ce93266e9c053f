package dev.belay.llm.gateway;

import java.util.concurrent.atomic.LongAdder;

/** What has gone through a gateway since its start. Safe for any number of threads. */
public final class GatewayCounts {
  private final LongAdder requests = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder passed = new LongAdder();
  private final LongAdder answered = new LongAdder();

  GatewayCounts() {}

  void request() {
    requests.increment();
  }

  void refuse() {
    refused.increment();
  }

  void pass() {
    passed.increment();
  }

  void answer() {
    answered.increment();
  }

  /** Requests that came. */
  public long requests() {
    return requests.sum();
  }

  /** Those that were refused before any provider was asked. */
  public long refused() {
    return refused.sum();
  }

  /** Those that were passed on as they were. */
  public long passed() {
    return passed.sum();
  }

  /** Those that were taken apart: answers that are checked, or translated. */
  public long answered() {
    return answered.sum();
  }
}
