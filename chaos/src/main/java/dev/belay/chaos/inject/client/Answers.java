package dev.belay.chaos.inject.client;

import dev.belay.chaos.inject.client.ExecutorException.Code;
import dev.belay.chaos.wire.Json;
import dev.belay.chaos.wire.Tree;
import dev.belay.chaos.wire.WireException;
import java.util.Set;

/** What answers of an executor mean. */
final class Answers {
  private static final Set<Integer> MISSING = Set.of(404, 405);
  private static final int LONGEST = 500;

  private Answers() {}

  /** The answer, if it is a good one. */
  static Wire.Answer good(Wire.Answer answer) throws ExecutorException {
    if (!answer.isSuccess()) {
      throw refused(answer);
    }
    return answer;
  }

  /** Nothing to do where nothing is. */
  static void goodOrMissing(Wire.Answer answer) throws ExecutorException {
    if (!MISSING.contains(answer.status())) {
      Wire.Answer unused = good(answer);
    }
  }

  private static ExecutorException refused(Wire.Answer answer) {
    String body = answer.body().strip();
    return new ExecutorException(
        Code.EXECUTOR_REFUSED,
        "the executor answered with status %d: %s"
            .formatted(answer.status(), body.substring(0, Math.min(body.length(), LONGEST))),
        null);
  }

  static ExecutorException unreadable(WireException wrong) {
    return new ExecutorException(
        Code.EXECUTOR_REFUSED, "the executor's answer is not right: " + wrong.getMessage(), wrong);
  }

  /** The object that it is, if it is a good one. */
  static Tree tree(Wire.Answer answer) throws ExecutorException {
    try {
      return Json.read(good(answer).body());
    } catch (WireException wrong) {
      throw new ExecutorException(
          Code.EXECUTOR_REFUSED, "the executor answered with no JSON object", wrong);
    }
  }
}
