package dev.belay.select;

import dev.belay.Endpoint;
import dev.belay.EndpointStats;
import java.util.List;

/** What is known of candidates, read once for a choice: each reading takes a lock. */
final class Records {
  private Records() {}

  static EndpointStats.Snapshot[] of(List<? extends Endpoint> candidates) {
    var records = new EndpointStats.Snapshot[candidates.size()];
    for (int i = 0; i < records.length; i++) {
      records[i] = candidates.get(i).stats().snapshot();
    }
    return records;
  }
}
