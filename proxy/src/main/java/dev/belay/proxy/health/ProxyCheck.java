package dev.belay.proxy.health;

import dev.belay.http.ProxyAddress;
import java.util.concurrent.CompletionStage;

/** Looks at one proxy once. Safe for any number of threads. */
@FunctionalInterface
public interface ProxyCheck {

  /**
   * Checks a proxy, with its own credentials.
   *
   * @return what was found; never fails, because a proxy that does not work is a finding too
   */
  CompletionStage<HealthReport> check(ProxyAddress proxy);
}
