package dev.belay.chaos.inject;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A request that is struck: the same for all who stand in its way, over the wire or in its process.
 *
 * @param doings what happens to it
 * @param kinds what that is in words, for the header of the answer
 * @param receipts the word that it happens
 */
public record Struck(Doings doings, String kinds, List<StrikeReceipt> receipts) {
  /** The header of an answer that says what was done to it. */
  public static final String HEADER = "x-fault-injected";

  /** What an abort says if its policy does not say anything. */
  public static final String BODY = "Fault injection: Service unavailable";

  public Struck {
    receipts = List.copyOf(receipts);
  }

  /**
   * What some strikes come to.
   *
   * @param strikes at least one
   */
  public static Struck of(List<Strike> strikes, FaultRequest request, Instant now) {
    long nanos = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    List<String> kinds = new ArrayList<>();
    List<StrikeReceipt> receipts = new ArrayList<>();
    for (Strike strike : strikes) {
      for (String kind : strike.fault().actions().kinds()) {
        kinds.add(kind);
        receipts.add(
            new StrikeReceipt(
                strike.policy(), strike.rule(), kind, request.edge(), request.traceId(), nanos));
      }
    }
    return new Struck(Doings.of(strikes), String.join(",", kinds), receipts);
  }
}
