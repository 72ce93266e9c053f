package dev.belay.llm.check.judge;

import dev.belay.llm.check.Problem;
import dev.belay.llm.json.Json;
import java.util.List;

/** What one judge came to. */
sealed interface Verdict {

  /**
   * A verdict.
   *
   * @param problems what is wrong; none if the answer stands
   * @param confidence how sure the judge is, 0 to 1
   */
  record Given(List<Problem> problems, double confidence) implements Verdict {
    /** Keeps a copy. */
    public Given {
      problems = List.copyOf(problems);
    }
  }

  /** There is none. */
  record None(String why) implements Verdict {}

  /** Makes a verdict of what the judge wrote; may refuse it as malformed. */
  @FunctionalInterface
  interface Reading {
    /**
     * Reads a report.
     *
     * @throws IllegalArgumentException if it is not what the schema asks for
     */
    Given read(Json.Obj report);
  }
}
