package dev.belay.llm.transcript;

import dev.belay.llm.correct.CorrectionPolicy;
import dev.belay.llm.correct.Escalation;
import java.util.List;

/**
 * What of a {@link CorrectionPolicy} decides when a call ends. Immutable.
 *
 * @param maxAttempts answers that are asked for, the first included, 1 to 100
 * @param toolAfter failed answers after which a tool is named; 0 for never
 * @param modelAfter failed answers after which another model is asked; 0 for never
 * @param humanAfter failed answers after which a person decides; 0 for never
 * @param sameAnswers equal answers in a row that end the call; 0 for never
 */
public record CorrectionRules(
    int maxAttempts, int toolAfter, int modelAfter, int humanAfter, int sameAnswers) {
  /** One answer, which is taken or not. */
  public static final CorrectionRules ONCE = of(CorrectionPolicy.ONCE);

  /** Rejects what no policy could be. */
  public CorrectionRules {
    var unused = policy(maxAttempts, toolAfter, modelAfter, humanAfter, sameAnswers);
  }

  /** Those of a policy. */
  public static CorrectionRules of(CorrectionPolicy policy) {
    Escalation escalation = policy.escalation();
    return new CorrectionRules(
        policy.maxAttempts(),
        escalation.tool().after(),
        escalation.model().after(),
        escalation.humanAfter(),
        policy.sameAnswers());
  }

  /** A policy that decides alike and never waits; what it would send is nothing to send. */
  public CorrectionPolicy policy() {
    return policy(maxAttempts, toolAfter, modelAfter, humanAfter, sameAnswers);
  }

  private static CorrectionPolicy policy(
      int maxAttempts, int toolAfter, int modelAfter, int humanAfter, int sameAnswers) {
    CorrectionPolicy.Builder policy =
        CorrectionPolicy.builder()
            .maxAttempts(maxAttempts)
            .humanAfter(humanAfter)
            .sameAnswers(sameAnswers);
    if (toolAfter != 0) {
      policy.tool(new Escalation.ToolHelp(toolAfter, "tool", "", List.of()));
    }
    if (modelAfter != 0) {
      policy.modelAfter(modelAfter, "model");
    }
    return policy.build();
  }
}
