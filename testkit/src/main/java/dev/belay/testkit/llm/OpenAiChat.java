package dev.belay.testkit.llm;

import static dev.belay.testkit.llm.Json.object;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** OpenAI's chat completions. */
final class OpenAiChat extends OpenAi {

  @Override
  public Map<String, @Nullable Object> whole(Completion completion, Prompt prompt) {
    List<Choice> choices = completion.choices();
    List<Object> said = new ArrayList<>();
    for (int i = 0; i < choices.size(); i++) {
      Choice choice = choices.get(i);
      Map<String, @Nullable Object> message =
          object(
              "role",
              "assistant",
              "content",
              choice.text().orElse(null),
              "refusal",
              choice.refusal().orElse(null));
      if (!choice.calls().isEmpty()) {
        message.put("tool_calls", calls(choice, i));
      }
      said.add(
          object(
              "index",
              i,
              "message",
              message,
              "logprobs",
              null,
              "finish_reason",
              word(choice.finish())));
    }
    Map<String, @Nullable Object> whole = envelope("chat.completion", prompt, said);
    whole.put("usage", usage(prompt.usage()));
    return whole;
  }

  private static List<Object> calls(Choice choice, int index) {
    List<Object> calls = new ArrayList<>();
    for (ToolCall call : choice.calls()) {
      calls.add(
          object(
              "id",
              Voice.callId(index, calls.size()),
              "type",
              "function",
              "function",
              object("name", call.name(), "arguments", call.arguments())));
    }
    return calls;
  }

  private static Map<String, @Nullable Object> envelope(
      String kind, Prompt prompt, List<Object> choices) {
    return object(
        "id",
        "chatcmpl-" + ID,
        "object",
        kind,
        "created",
        System.currentTimeMillis() / 1000,
        "model",
        prompt.model(),
        "service_tier",
        "default",
        "system_fingerprint",
        "fp_test",
        "choices",
        choices);
  }

  private static Object usage(Usage usage) {
    return object(
        "prompt_tokens",
        usage.input(),
        "completion_tokens",
        usage.output(),
        "total_tokens",
        usage.total());
  }

  private static String word(Finish finish) {
    return switch (finish) {
      case STOP, REFUSAL -> "stop";
      case LENGTH -> "length";
      case TOOL_CALLS -> "tool_calls";
      case CONTENT_FILTER -> "content_filter";
    };
  }

  @Override
  public List<Frame> frames(Completion completion, Prompt prompt) {
    List<Choice> choices = completion.choices();
    int chars = completion.parts().pace().chunkChars();
    List<Frame> frames = new ArrayList<>();
    for (int i = 0; i < choices.size(); i++) {
      Map<String, @Nullable Object> role = object("role", "assistant", "content", "");
      role.put("refusal", null);
      frames.add(delta(prompt, i, role, null, false));
    }
    for (int i = 0; i < choices.size(); i++) {
      speak(frames, choices.get(i), i, chars, prompt);
    }
    for (int i = 0; i < choices.size(); i++) {
      frames.add(delta(prompt, i, object(), word(choices.get(i).finish()), false));
    }
    if (prompt.mode() == Prompt.Mode.EVENTS_WITH_USAGE) {
      Map<String, @Nullable Object> last = envelope("chat.completion.chunk", prompt, List.of());
      last.put("usage", usage(prompt.usage()));
      frames.add(Frame.data(last, false));
    }
    frames.add(new Frame("data: [DONE]\n\n", false));
    return frames;
  }

  private static void speak(
      List<Frame> frames, Choice choice, int index, int chars, Prompt prompt) {
    for (String piece : Voice.pieces(choice.text().orElse(""), chars)) {
      frames.add(delta(prompt, index, object("content", piece), null, true));
    }
    for (String piece : Voice.pieces(choice.refusal().orElse(""), chars)) {
      frames.add(delta(prompt, index, object("refusal", piece), null, true));
    }
    for (int call = 0; call < choice.calls().size(); call++) {
      ToolCall wanted = choice.calls().get(call);
      Object opening =
          object(
              "index",
              call,
              "id",
              Voice.callId(index, call),
              "type",
              "function",
              "function",
              object("name", wanted.name(), "arguments", ""));
      frames.add(delta(prompt, index, object("tool_calls", List.of(opening)), null, true));
      for (String piece : Voice.pieces(wanted.arguments(), chars)) {
        Object more = object("index", call, "function", object("arguments", piece));
        frames.add(delta(prompt, index, object("tool_calls", List.of(more)), null, true));
      }
    }
  }

  private static Frame delta(
      Prompt prompt, int index, Object delta, @Nullable String finish, boolean content) {
    Object choice =
        object("index", index, "delta", delta, "logprobs", null, "finish_reason", finish);
    return Frame.data(envelope("chat.completion.chunk", prompt, List.of(choice)), content);
  }

  @Override
  public List<Frame> errorFrames(Wording wording, Fault fault, Prompt prompt, int before) {
    return List.of(Frame.data(error(wording, fault), false), new Frame("data: [DONE]\n\n", false));
  }

  @Override
  public Optional<Fault> objection(LlmRequest request, JsonNode body) {
    return OpenAiChatRules.objection(request, body);
  }
}
