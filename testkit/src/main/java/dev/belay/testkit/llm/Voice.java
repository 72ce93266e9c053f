package dev.belay.testkit.llm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One dialect: how it says things, and what it does not put up with. Without state. */
interface Voice {
  /**
   * Stands where each answer has a number of its own: twelve bytes in UTF-8, as many as the digits
   * that take its place.
   */
  String ID = "\uE0BE\uE1A0\uE0BE\uE1A1";

  static Voice of(Dialect dialect) {
    return switch (dialect) {
      case OPENAI_CHAT -> new OpenAiChat();
      case OPENAI_RESPONSES -> new OpenAiResponses();
      case ANTHROPIC -> new Anthropic();
      case GEMINI -> new Gemini();
    };
  }

  /** The body of a good answer. */
  Map<String, @Nullable Object> whole(Completion completion, Prompt prompt);

  /** The stream of a good answer, to its end. */
  List<Frame> frames(Completion completion, Prompt prompt);

  /** The words for an error. */
  Wording wording(Fault fault);

  /** The body of an error. */
  Map<String, @Nullable Object> error(Wording wording, Fault fault);

  /** The same within a stream, of which so many frames have gone. */
  List<Frame> errorFrames(Wording wording, Fault fault, Prompt prompt, int before);

  /** What is wrong with a request, if anything. */
  Optional<Fault> objection(LlmRequest request, JsonNode body);

  /** What is wrong with a missing key, or with one that nobody has. */
  Fault unauthorized(boolean missing);

  /** The name of the header with the number of each answer. */
  default String idHeader() {
    return "x-request-id";
  }

  /** Pieces of about that many characters; a character of two halves stays whole. */
  static List<String> pieces(String text, int chars) {
    List<String> pieces = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int to = (int) Math.min(text.length(), (long) from + chars);
      if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
        to++;
      }
      pieces.add(text.substring(from, to));
      from = to;
    }
    return pieces;
  }

  /** The id of a choice's tool call. */
  static String callId(int choice, int call) {
    return "call_" + ID + choice + call;
  }
}
