package dev.belay.proxy;

import dev.belay.http.RequestGuard;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What went through a forward proxy since it started. Safe for any number of threads. */
public final class Traffic {
  final LongAdder requests = new LongAdder();
  final LongAdder tunnels = new LongAdder();
  final LongAdder refusals = new LongAdder();
  final LongAdder bytesUp = new LongAdder();
  final LongAdder bytesDown = new LongAdder();
  final AtomicInteger connections = new AtomicInteger();
  final AtomicInteger openTunnels = new AtomicInteger();
  private final Map<RequestGuard.Reason, LongAdder> malformed =
      new EnumMap<>(RequestGuard.Reason.class);

  Traffic() {
    for (RequestGuard.Reason reason : RequestGuard.Reason.values()) {
      malformed.put(reason, new LongAdder());
    }
  }

  void malformed(RequestGuard.Reason reason) {
    LongAdder count = malformed.get(reason);
    if (count != null) {
      count.increment();
    }
  }

  /** Requests in absolute form. */
  public long requests() {
    return requests.sum();
  }

  /** Tunnels asked for, by CONNECT or SOCKS. */
  public long tunnels() {
    return tunnels.sum();
  }

  /** Requests that were refused here, before any proxy was tried. */
  public long refusals() {
    return refusals.sum();
  }

  /** Requests refused because two parsers could have read them in two ways, by reason. */
  public Map<RequestGuard.Reason, Long> malformed() {
    Map<RequestGuard.Reason, Long> counts = new EnumMap<>(RequestGuard.Reason.class);
    malformed.forEach((reason, count) -> counts.put(reason, count.sum()));
    return counts;
  }

  /** Bytes of bodies and tunnels from clients. */
  public long bytesUp() {
    return bytesUp.sum();
  }

  /** Bytes of bodies and tunnels to clients. */
  public long bytesDown() {
    return bytesDown.sum();
  }

  /** Client connections open now. */
  public int connections() {
    return connections.get();
  }

  /** Tunnels open now. */
  public int openTunnels() {
    return openTunnels.get();
  }
}
