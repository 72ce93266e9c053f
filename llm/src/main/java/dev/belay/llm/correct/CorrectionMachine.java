package dev.belay.llm.correct;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.Finish;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.McpServer;
import dev.belay.llm.Message;
import dev.belay.llm.ResponseFormat;
import dev.belay.llm.check.Answer;
import dev.belay.llm.check.Finding;
import dev.belay.llm.check.Problem;
import dev.belay.llm.correct.CorrectionStep.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * Decides what follows on each answer of a model: take it, ask again with feedback, with a tool,
 * ask another model, leave it to a person, give up. Does no I/O, never waits and reads no clock:
 * answers and findings come in, steps go out. For one thread at a time.
 */
public final class CorrectionMachine {
  private static final int MORE_ROOM = 2;
  private static final int ROOM = 8_192;
  private static final int MOST_ATTEMPTS = 100;

  private final CorrectionPolicy policy;
  private final LlmRequest request;
  private final boolean strict;
  private final RandomGenerator random;
  private final List<FailedAnswer> failed = new ArrayList<>();
  private int attempts;

  /** Failed answers from before a person was asked, which are not kept. */
  private int before;

  private int alike;
  private long lastDelay;
  private boolean raised;
  private OptionalInt room;
  private Stage stage = Stage.BASIC;
  private Answer answer;

  /**
   * A call that begins now.
   *
   * @param request as the caller made it; it is never changed
   * @param checks whether answers are checked; if not, and any text will do, one that is cut is
   *     taken
   */
  public CorrectionMachine(
      CorrectionPolicy policy, LlmRequest request, boolean checks, RandomGenerator random) {
    this.policy = requireNonNull(policy, "policy");
    this.request = requireNonNull(request, "request");
    this.strict = checks || !(request.format() instanceof ResponseFormat.Text);
    this.random = requireNonNull(random, "random");
    this.room = request.maxTokens();
    this.answer = Answer.of("", request);
  }

  /**
   * Goes on where a person wants more answers: the model is told what was wrong with the last one,
   * and what the person says. Help comes as if nothing had come between; if no answer stands after
   * that, and the policy knows of a person at all, one is asked again.
   *
   * @param last the answer that the person saw, with all that is to be told of it
   * @param extra answers that may still be asked for, 1 or more
   */
  public static CorrectionMachine resumed(
      CorrectionPolicy policy,
      LlmRequest request,
      boolean checks,
      RandomGenerator random,
      FailedAnswer last,
      int extra) {
    int most = Math.min(MOST_ATTEMPTS, last.attempt() + extra);
    CorrectionMachine machine =
        new CorrectionMachine(policy.withMaxAttempts(most), request, checks, random);
    machine.failed.add(last);
    machine.attempts = Math.min(last.attempt(), most - 1);
    machine.before = machine.attempts - 1;
    return machine;
  }

  /** The first step. */
  public CorrectionStep begin() {
    return ask();
  }

  /** The answers that did not stand so far, oldest first. */
  public List<FailedAnswer> failed() {
    return List.copyOf(failed);
  }

  /** Answers that were asked for so far. */
  public int attempts() {
    return attempts;
  }

  /** The step after an answer came. */
  public CorrectionStep answered(LlmResponse response) {
    LlmResponse.Choice choice = response.choices().getFirst();
    answer = Answer.of(choice, request);
    if (choice.finish() == Finish.CONTENT_FILTER) {
      return new CorrectionStep.Stop(Reason.BLOCKED, "a filter held the answer back");
    }
    if (choice.finish() == Finish.REFUSAL || !choice.refusal().isBlank()) {
      String why = choice.refusal().isBlank() ? "" : ": " + choice.refusal();
      return new CorrectionStep.Stop(Reason.BLOCKED, "the model refused" + why);
    }
    boolean cut = choice.finish() == Finish.LENGTH || choice.finish() == Finish.INCOMPLETE;
    return cut && strict ? cut(response) : new CorrectionStep.Examine(answer);
  }

  /** Tells nobody that the JSON is bad: it needs more room, once. */
  private CorrectionStep cut(LlmResponse response) {
    if (raised || attempts >= policy.maxAttempts()) {
      String limit = room.isPresent() ? " of %d tokens".formatted(room.getAsInt()) : "";
      return new CorrectionStep.Stop(Reason.TRUNCATED, "the answer is cut at its limit" + limit);
    }
    raised = true;
    long written = Math.max(response.usage().output(), room.orElse(0));
    long more = written == 0 ? ROOM : written * MORE_ROOM;
    room = OptionalInt.of((int) Math.min(Integer.MAX_VALUE, more));
    return ask();
  }

  /**
   * The step after an answer was checked.
   *
   * @param left until the deadline of the call
   */
  public CorrectionStep checked(Finding finding, Duration left) {
    return switch (finding) {
      case Finding.Valid valid -> new CorrectionStep.Done(valid.answer(), warnings(valid));
      case Finding.Inconclusive unclear -> unclear(unclear);
      case Finding.Invalid invalid -> failed(invalid, left);
    };
  }

  private static List<Problem> warnings(Finding.Valid valid) {
    List<Problem> warnings = new ArrayList<>(valid.warnings());
    if (!valid.answer().finish().isWhole()) {
      warnings.add(Problem.of("finish", "the answer is cut: " + valid.answer().finish()));
    }
    return warnings;
  }

  private static CorrectionStep unclear(Finding.Inconclusive unclear) {
    return switch (unclear.remedy()) {
      case HUMAN -> new CorrectionStep.Park("the answer could not be checked: " + unclear.why());
      case REASK, FAIL -> new CorrectionStep.Stop(Reason.UNCHECKED, unclear.why());
    };
  }

  private CorrectionStep failed(Finding.Invalid invalid, Duration left) {
    FailedAnswer now = new FailedAnswer(attempts, stage, answer, invalid.problems());
    alike = !failed.isEmpty() && failed.getLast().isLike(now) ? alike + 1 : 1;
    failed.add(now);
    return switch (invalid.remedy()) {
      case FAIL ->
          new CorrectionStep.Stop(Reason.REJECTED, "a check says that asking again is of no use");
      case HUMAN -> new CorrectionStep.Park("a check asks for a person");
      case REASK -> again(left);
    };
  }

  private CorrectionStep again(Duration left) {
    int failures = before + failed.size();
    boolean over = attempts >= policy.maxAttempts();
    boolean human = before == 0 && policy.escalation().isHuman(failures);
    if (human || (over && policy.escalation().humanAfter() > 0)) {
      return new CorrectionStep.Park("after %d failed answers".formatted(failures));
    }
    if (over) {
      return new CorrectionStep.Stop(
          Reason.EXHAUSTED, "%d answers, and none stands".formatted(attempts));
    }
    if (isStuck(failures)) {
      return new CorrectionStep.Stop(
          Reason.NO_PROGRESS, "the same answer with the same faults %d times".formatted(alike));
    }
    lastDelay = policy.delay().draw(failed.size() - 1, lastDelay, random);
    if (lastDelay <= 0) {
      return ask();
    }
    return Duration.ofNanos(lastDelay).compareTo(left) < 0
        ? new CorrectionStep.Pause(lastDelay)
        : new CorrectionStep.Stop(Reason.DEADLINE, "the next answer would come too late");
  }

  private boolean isStuck(int failures) {
    boolean same = policy.sameAnswers() > 0 && alike >= policy.sameAnswers();
    boolean helped = policy.escalation().after(failures) != stage;
    return same && !helped && !policy.escalation().hasMore(failures);
  }

  /** The step after a pause. */
  public CorrectionStep resume() {
    return ask();
  }

  private CorrectionStep.Ask ask() {
    attempts++;
    stage = policy.escalation().after(before + failed.size());
    return new CorrectionStep.Ask(next(), attempts, stage);
  }

  private LlmRequest next() {
    LlmRequest.Builder next = request.toBuilder();
    room.ifPresent(next::maxTokens);
    if (failed.isEmpty()) {
      return next.build();
    }
    boolean tool = policy.escalation().hasTool(before + failed.size());
    Escalation.ToolHelp help = tool ? policy.escalation().tool() : Escalation.ToolHelp.OFF;
    String question = policy.repeatsQuestion() ? Answer.of("", request).question() : "";
    Feedback feedback = new Feedback(policy.words(), policy.maxAttempts(), help, question);
    List<Message> messages = policy.history().messages(request.messages(), failed, feedback);
    if (tool) {
      next.mcpServers(servers(help.servers()));
    }
    if (stage == Stage.MODEL) {
      next.model(policy.escalation().model().name());
    }
    return next.messages(messages).build();
  }

  /** Those of the caller stay, unless one of the same name takes their place. */
  private List<McpServer> servers(List<McpServer> more) {
    List<McpServer> all = new ArrayList<>(request.mcpServers());
    all.removeIf(old -> more.stream().anyMatch(one -> one.name().equals(old.name())));
    all.addAll(more);
    return all;
  }
}
