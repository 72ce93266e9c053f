package dev.belay.llm.form;

import dev.belay.llm.Finish;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.check.Answer;
import dev.belay.llm.check.Problem;
import dev.belay.llm.json.Json;

/** Answers and problems as JSON; what {@code write} gives may hold secrets, as in requests. */
public final class AnswerForm {
  private AnswerForm() {}

  /** The answer without the request, which is kept beside it. */
  public static Json.Obj write(Answer answer) {
    return Json.EMPTY
        .with("text", Json.of(answer.text()))
        .with("tool_calls", Json.of(answer.toolCalls().stream().map(PartForm::part).toList()))
        .with("refusal", Json.of(answer.refusal()))
        .with("finish", Json.of(Words.of(answer.finish())));
  }

  /**
   * Reads an answer to a request again.
   *
   * @throws IllegalArgumentException that names the member
   */
  public static Answer read(Json from, LlmRequest request) {
    Members in = new Members("answer", from);
    return new Answer(
        in.text("text"),
        in.list("tool_calls", PartForm::readToolCall),
        in.text("refusal"),
        in.oneOf("finish", Finish.class),
        request);
  }

  /** All members. */
  public static Json.Obj write(Problem problem) {
    return Json.EMPTY
        .with("validator", Json.of(problem.validator()))
        .with("message", Json.of(problem.message()))
        .with("pointer", Json.of(problem.pointer()))
        .with("suggestions", Json.of(problem.suggestions().stream().map(Json::of).toList()))
        .with("detail", Json.of(problem.detail()));
  }

  /**
   * Reads a problem again.
   *
   * @throws IllegalArgumentException that names the member
   */
  public static Problem readProblem(Json from) {
    Members in = new Members("problem", from);
    return new Problem(
        in.text("validator"),
        in.text("message"),
        in.text("pointer"),
        in.texts("suggestions"),
        in.text("detail"));
  }
}
