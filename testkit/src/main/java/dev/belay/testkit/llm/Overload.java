package dev.belay.testkit.llm;

import static java.util.Objects.requireNonNull;

import dev.belay.testkit.Script;
import java.util.function.Function;

/**
 * A provider with room for so many requests at once; the others get an overload, 503 or 529, of
 * their dialect. Immutable.
 *
 * <pre>{@code
 * new Overload(8).over(Script.of(Answer.text("hello").firstByteAfter(Duration.ofMillis(200))))
 * }</pre>
 *
 * @param concurrency how many may be under way, 0 or more
 */
public record Overload(int concurrency) {

  /** Rejects a negative room. */
  public Overload {
    Check.that(concurrency >= 0, "concurrency must not be negative, was %d", concurrency);
  }

  /** This limit before that script. */
  public Script<LlmRequest, Answer> over(Script<LlmRequest, Answer> admitted) {
    requireNonNull(admitted, "admitted");
    return Script.<LlmRequest, Answer>remembering(() -> {
      Function<LlmRequest, Answer> inner = admitted.player();
      return request ->
          request.concurrency() > concurrency ? Fault.overloaded() : inner.apply(request);
    });
  }
}
