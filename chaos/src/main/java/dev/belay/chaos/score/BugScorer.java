package dev.belay.chaos.score;

import dev.belay.chaos.Observation;
import java.util.Locale;
import java.util.Optional;

/** Scores the answer: the first rule that matches holds. */
final class BugScorer {
  static final double SERVER_ERROR = 10;
  static final double CLIENT_ERROR = 8;
  private static final double ERROR_LOG = 6;
  private static final double ERROR_RATE = 3;

  private BugScorer() {}

  static Component score(Observation seen) {
    Observation.Reply reply = seen.reply();
    if (reply.status().isPresent()) {
      Optional<Component> byStatus = byStatus(reply.status().getAsInt());
      if (byStatus.isPresent()) {
        return byStatus.get();
      }
    }
    if (reply.failure().isPresent()) {
      return Component.of(SERVER_ERROR, "no answer came", reply.failure().get());
    }
    Optional<String> line = seen.logs().stream().filter(BugScorer::isError).findFirst();
    if (line.isPresent()) {
      return Component.of(ERROR_LOG, "a log line says ERROR or FATAL", shortened(line.get()));
    }
    if (reply.errorRate().orElse(0) > 0) {
      return Component.of(
          ERROR_RATE, "error rate > 0", "error_rate=" + reply.errorRate().getAsDouble());
    }
    if (reply.status().isEmpty() && reply.errorRate().isEmpty() && seen.logs().isEmpty()) {
      return Component.missing("status, logs or error rate");
    }
    return Component.of(0, "no error", "");
  }

  /** What a status alone says, if it is an error. */
  static Optional<Component> byStatus(int status) {
    if (status >= 500) {
      return Optional.of(Component.of(SERVER_ERROR, "status 500..599", "status=" + status));
    }
    return status >= 400
        ? Optional.of(Component.of(CLIENT_ERROR, "status 400..499", "status=" + status))
        : Optional.empty();
  }

  private static boolean isError(String line) {
    String upper = line.toUpperCase(Locale.ROOT);
    return upper.contains("ERROR") || upper.contains("FATAL");
  }

  private static String shortened(String line) {
    return line.length() > 200 ? line.substring(0, 200) + "…" : line;
  }
}
