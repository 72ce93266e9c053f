package dev.belay.llm.budget;

import dev.belay.Check;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.Message;
import dev.belay.llm.Part;
import dev.belay.llm.Usage;
import dev.belay.llm.provider.Prices;

/**
 * What a request may cost before anybody knows. Immutable.
 *
 * @param tokens 0 or more
 * @param dollars 0 or more
 */
public record Estimate(long tokens, double dollars) {
  private static final int CHARACTERS_PER_TOKEN = 4;

  /** Nothing. */
  public static final Estimate NONE = new Estimate(0, 0);

  /** Rejects negative values. */
  public Estimate {
    Check.that(tokens >= 0, "tokens must be 0 or more, was %d", tokens);
    Check.that(dollars >= 0, "dollars must be 0 or more, was %s", dollars);
  }

  /** A quarter of a token for each character that is sent, and the longest answer if it is set. */
  public static Estimate of(LlmRequest request, Prices prices) {
    long input = 0;
    for (Message message : request.messages()) {
      input += tokens(message);
    }
    Usage usage = new Usage(input, request.maxTokens().orElse(0), 0);
    return new Estimate(usage.total(), prices.of(usage));
  }

  /** About how many tokens a turn has; pictures and files count nothing. */
  public static long tokens(Message message) {
    long characters = 0;
    for (Part part : message.parts()) {
      characters +=
          switch (part) {
            case Part.Text text -> text.text().length();
            case Part.Media media -> 0;
            case Part.ToolCall call -> call.name().length() + call.arguments().length();
            case Part.ToolResult result -> result.content().length();
          };
    }
    return Math.ceilDiv(characters, (long) CHARACTERS_PER_TOKEN);
  }
}
