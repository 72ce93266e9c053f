package dev.belay.server.live;

import dev.belay.llm.cache.CacheCounts;
import dev.belay.llm.call.LlmRoute;
import dev.belay.llm.delay.ErrorReports;
import dev.belay.llm.delay.Gates;
import dev.belay.llm.delay.RolloutDelays;
import dev.belay.llm.gateway.GatewayCounts;
import dev.belay.llm.transcript.TranscriptHealth;
import java.util.List;
import java.util.Optional;

/** What there is to see of the gateway to models. Safe for any number of threads. */
public interface Models {

  /** What it stands for now, in order. */
  List<LlmRoute> routes();

  /** What has gone through it. */
  GatewayCounts counts();

  /** The waits, and for whom the new ones are in force. */
  RolloutDelays delays();

  /** Where callers of one account wait for each other. */
  Gates gates();

  /** How often the cache was of use. */
  CacheCounts cache();

  /** Why the file of the waits as it is now is not in force; empty if it is, or there is none. */
  Optional<String> problem();

  /** What failed, as it was written down; empty if it is not. */
  Optional<ErrorReports> errors();

  /** How writing calls down goes; empty if they are not. */
  Optional<TranscriptHealth> transcripts();
}
