package dev.belay.llm.form;

import dev.belay.llm.Finish;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.Usage;
import dev.belay.llm.json.Json;

/** Answers as JSON without the body in which they came; may hold secrets, as in requests. */
public final class ResponseForm {
  private ResponseForm() {}

  /** All members but {@code raw}. */
  public static Json.Obj write(LlmResponse response) {
    return Json.EMPTY
        .with("id", Json.of(response.id()))
        .with("model", Json.of(response.model()))
        .with("choices", Json.of(response.choices().stream().map(ResponseForm::choice).toList()))
        .with("usage", usage(response.usage()));
  }

  /**
   * Reads it again; {@code raw} is empty.
   *
   * @throws IllegalArgumentException that names the member
   */
  public static LlmResponse read(Json from) {
    Members in = new Members("response", from);
    return new LlmResponse(
        in.text("id"),
        in.text("model"),
        in.list("choices", ResponseForm::readChoice),
        readUsage(in.need("usage")),
        "");
  }

  private static Json choice(LlmResponse.Choice choice) {
    return Json.EMPTY
        .with("text", Json.of(choice.text()))
        .with("tool_calls", Json.of(choice.toolCalls().stream().map(PartForm::part).toList()))
        .with("refusal", Json.of(choice.refusal()))
        .with("finish", Json.of(Words.of(choice.finish())));
  }

  private static LlmResponse.Choice readChoice(Json from) {
    Members in = new Members("choice", from);
    return new LlmResponse.Choice(
        in.text("text"),
        in.list("tool_calls", PartForm::readToolCall),
        in.text("refusal"),
        in.oneOf("finish", Finish.class));
  }

  private static Json usage(Usage usage) {
    return Json.EMPTY
        .with("input", Json.of(usage.input()))
        .with("output", Json.of(usage.output()))
        .with("cached", Json.of(usage.cached()));
  }

  private static Usage readUsage(Json from) {
    Members in = new Members("usage", from);
    return new Usage(in.count("input"), in.count("output"), in.count("cached"));
  }
}
