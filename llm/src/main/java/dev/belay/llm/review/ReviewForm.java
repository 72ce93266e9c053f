package dev.belay.llm.review;

import dev.belay.llm.form.AnswerForm;
import dev.belay.llm.form.Members;
import dev.belay.llm.form.RequestForm;
import dev.belay.llm.form.Words;
import dev.belay.llm.json.Json;
import java.time.DateTimeException;
import java.time.Instant;

/** Items and decisions as JSON, and back. */
public final class ReviewForm {
  private ReviewForm() {}

  /** All of an item. */
  public static Json.Obj write(ReviewItem item) {
    ReviewCase parked = item.parked();
    Json.Obj json =
        Json.EMPTY
            .with("ticket", Json.of(item.ticket()))
            .with("state", Json.of(Words.of(item.state())))
            .with("created", Json.of(item.created().toString()))
            .with("expires", Json.of(item.expires().toString()))
            .with("tenant", Json.of(parked.tenant()))
            .with("run_key", Json.of(parked.runKey()))
            .with("request", RequestForm.write(parked.answer().request()))
            .with("answer", AnswerForm.write(parked.answer()))
            .with("problems", Json.of(parked.problems().stream().map(AnswerForm::write).toList()))
            .with("attempts_made", Json.of(parked.attemptsMade()))
            .with("last_attempt_index", Json.of(parked.lastAttemptIndex()));
    return item.status() instanceof ReviewStatus.Decided decided
        ? json.with("decision", write(decided.decision()))
            .with("reviewer", Json.of(decided.reviewer()))
            .with("decided", Json.of(decided.at().toString()))
        : json;
  }

  /**
   * Reads an item again.
   *
   * @throws IllegalArgumentException that names the member
   */
  public static ReviewItem read(Json from) {
    Members in = new Members("review", from);
    ReviewCase parked =
        new ReviewCase(
            in.text("tenant"),
            in.text("run_key"),
            AnswerForm.read(in.need("answer"), RequestForm.read(in.need("request"))),
            in.list("problems", AnswerForm::readProblem),
            in.small("attempts_made"),
            in.small("last_attempt_index"));
    return new ReviewItem(
        in.text("ticket"), instant(in, "created"), instant(in, "expires"), parked, status(in));
  }

  /** A decision with its {@code type}. */
  public static Json.Obj write(Decision decision) {
    return switch (decision) {
      case Decision.Approve approve -> Json.EMPTY.with("type", Json.of("approve"));
      case Decision.Edit edit ->
          Json.EMPTY.with("type", Json.of("edit")).with("answer", Json.of(edit.answer()));
      case Decision.Retry retry ->
          Json.EMPTY
              .with("type", Json.of("retry"))
              .with("note", Json.of(retry.note()))
              .with("extra_attempts", Json.of(retry.extraAttempts()));
      case Decision.Reject reject ->
          Json.EMPTY.with("type", Json.of("reject")).with("reason", Json.of(reject.reason()));
    };
  }

  /**
   * Reads a decision.
   *
   * @throws IllegalArgumentException that names the member
   */
  public static Decision readDecision(Json from) {
    Members in = new Members("decision", from);
    return switch (in.text("type")) {
      case "approve" -> new Decision.Approve();
      case "edit" -> new Decision.Edit(in.text("answer"));
      case "retry" ->
          new Decision.Retry(
              in.text("note"),
              in.find("extra_attempts").isPresent() ? in.small("extra_attempts") : 1);
      case "reject" -> new Decision.Reject(in.text("reason"));
      default -> in.fail("type", "be approve, edit, retry or reject");
    };
  }

  private static ReviewStatus status(Members in) {
    ReviewState state = in.oneOf("state", ReviewState.class);
    if (state == ReviewState.OPEN) {
      return new ReviewStatus.Open();
    }
    if (state == ReviewState.EXPIRED) {
      return new ReviewStatus.Expired();
    }
    Decision decision = readDecision(in.need("decision"));
    return decision.state() == state
        ? new ReviewStatus.Decided(decision, in.text("reviewer"), instant(in, "decided"))
        : in.fail("state", "agree with the decision");
  }

  private static Instant instant(Members in, String name) {
    try {
      return Instant.parse(in.text(name));
    } catch (DateTimeException wrong) {
      return in.fail(name, "be a time such as 2026-01-01T00:00:00Z");
    }
  }
}
