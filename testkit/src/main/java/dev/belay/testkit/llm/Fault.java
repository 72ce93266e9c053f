package dev.belay.testkit.llm;

import static java.util.Objects.requireNonNull;

import dev.belay.testkit.Header;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * An error in the form of whichever dialect it is asked in. Each method returns a changed copy.
 * Immutable.
 *
 * <pre>{@code
 * Fault.rateLimited(Duration.ofMillis(456))
 * Fault.rateLimited(Duration.ofSeconds(34)).hintedBy(HintForm.RETRY_AFTER_DATE).clockSkew(Duration.ofHours(-2))
 * Fault.of(Trouble.OVERLOADED)
 * Fault.status(418).type("teapot_error").message("short and stout")
 * }</pre>
 */
public final class Fault implements Answer {

  /** What may be said otherwise than the dialect would say it. */
  enum Word {
    TYPE,
    CODE,
    PARAM,
    MESSAGE,
    BODY
  }

  /** The status and the words that were told. */
  record Words(Optional<Integer> status, Map<Word, String> said) {
    Words {
      said = Map.copyOf(said);
    }

    Words with(Word word, String text) {
      Map<Word, String> changed = new HashMap<>(said);
      changed.put(word, requireNonNull(text, "text"));
      return new Words(status, changed);
    }

    Optional<String> get(Word word) {
      return Optional.ofNullable(said.get(word));
    }
  }

  /** When to come back, and how that is said; no form at all means as the dialect does. */
  record Hint(Duration after, Set<HintForm> forms, Duration skew) {
    Hint {
      Check.that(!after.isNegative(), "a hint must not be negative, was %s", after);
      forms = Set.copyOf(forms);
    }
  }

  private final Trouble trouble;
  private final Words words;
  private final Optional<Hint> hint;
  private final List<Header> headers;
  private final Duration delay;

  private Fault(
      Trouble trouble, Words words, Optional<Hint> hint, List<Header> headers, Duration delay) {
    Check.that(!delay.isNegative(), "a delay must not be negative, was %s", delay);
    this.trouble = trouble;
    this.words = words;
    this.hint = hint;
    this.headers = List.copyOf(headers);
    this.delay = delay;
  }

  /** That trouble, as the dialect says it, without a hint. */
  public static Fault of(Trouble trouble) {
    Words none = new Words(Optional.empty(), Map.of());
    return new Fault(
        requireNonNull(trouble, "trouble"), none, Optional.empty(), List.of(), Duration.ZERO);
  }

  /** The error that goes with that status, from 400 to 599. */
  public static Fault status(int status) {
    Check.that(status >= 400 && status <= 599, "status must be 400 to 599, was %d", status);
    return of(Trouble.of(status)).words(new Words(Optional.of(status), Map.of()));
  }

  /** A 429 that says when to come back in all the ways that the dialect has; 0 or longer. */
  public static Fault rateLimited(Duration wait) {
    return of(Trouble.RATE_LIMIT).hint(wait);
  }

  /** An overload, without a hint as usual: 503 or 529. */
  public static Fault overloaded() {
    return of(Trouble.OVERLOADED);
  }

  /** Azure's 429: two headers in milliseconds, one in seconds, resets in seconds, words. */
  public static Fault azureRateLimited(Duration wait) {
    long seconds = Math.ceilDiv(wait.toMillis(), 1000);
    return rateLimited(wait)
        .hintedBy(
            HintForm.AZURE_MS,
            HintForm.RETRY_AFTER_MS,
            HintForm.RETRY_AFTER,
            HintForm.RESETS_IN_SECONDS)
        .code("429")
        .message(
            "Requests to the ChatCompletions_Create Operation have exceeded the call rate limit of"
                + " your current pricing tier. Please retry after "
                + seconds
                + " seconds.");
  }

  /** Azure's refusal of a prompt: 400 with {@code content_filter} and what its filters found. */
  public static Fault azureContentFilter() {
    return of(Trouble.CONTENT_FILTER)
        .code("content_filter")
        .body(
            """
            {"error":{"message":"The response was filtered due to the prompt triggering the content \
            management policy. Please modify your prompt and retry.","type":null,"param":"prompt",\
            "code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation",\
            "content_filter_result":{"hate":{"filtered":false,"severity":"safe"},\
            "violence":{"filtered":true,"severity":"high"}}}}}\
            """);
  }

  /** Groq's 429: seconds, resets as {@code 7.66s}, words with tokens in them. */
  public static Fault groqRateLimited(Duration wait) {
    return rateLimited(wait)
        .hintedBy(HintForm.RETRY_AFTER, HintForm.RESETS)
        .type("tokens")
        .message(
            "Rate limit reached for the model on tokens per minute (TPM): Limit 6000, Used 5901,"
                + " Requested 173. Please try again in "
                + Lengths.go(wait)
                + ".");
  }

  /** With a wait, 0 or longer, that is said as the dialect does for a rate limit. */
  public Fault hint(Duration wait) {
    Set<HintForm> forms = hint.map(Hint::forms).orElse(Set.of());
    return hint(new Hint(wait, forms, hint.map(Hint::skew).orElse(Duration.ZERO)));
  }

  /** Says the wait in these ways only; not before {@link #hint}. */
  public Fault hintedBy(HintForm first, HintForm... more) {
    Hint old =
        hint.orElseThrow(() -> new IllegalStateException("a form of which hint? set it first"));
    Set<HintForm> forms = EnumSet.of(first, more);
    return hint(new Hint(old.after(), forms, old.skew()));
  }

  /** The provider's clock goes wrong by that much, in {@code Date} as in every instant it names. */
  public Fault clockSkew(Duration skew) {
    Hint old =
        hint.orElseThrow(() -> new IllegalStateException("skew of which hint? set it first"));
    return hint(new Hint(old.after(), old.forms(), skew));
  }

  private Fault hint(Hint changed) {
    return new Fault(trouble, words, Optional.of(changed), headers, delay);
  }

  /** With that type, or status name at Gemini. */
  public Fault type(String type) {
    return words(words.with(Word.TYPE, type));
  }

  /** With that code; Anthropic's and Gemini's errors have none of their own. */
  public Fault code(String code) {
    return words(words.with(Word.CODE, code));
  }

  Fault param(String param) {
    return words(words.with(Word.PARAM, param));
  }

  /** With those words; a hint then adds none of its own. */
  public Fault message(String message) {
    return words(words.with(Word.MESSAGE, message));
  }

  /** With that body, whatever it is, instead of the dialect's. */
  public Fault body(String body) {
    return words(words.with(Word.BODY, body));
  }

  private Fault words(Words changed) {
    return new Fault(trouble, changed, hint, headers, delay);
  }

  /** With {@code x-should-retry}, which clients of OpenAI obey before all else. */
  public Fault shouldRetry(boolean should) {
    return header("x-should-retry", Boolean.toString(should));
  }

  /** With one header more. */
  public Fault header(String name, String value) {
    List<Header> all = Stream.concat(headers.stream(), Stream.of(new Header(name, value))).toList();
    return new Fault(trouble, words, hint, all, delay);
  }

  /** Comes after that wait. */
  public Fault delayed(Duration wait) {
    return new Fault(trouble, words, hint, headers, wait);
  }

  Trouble trouble() {
    return trouble;
  }

  Words words() {
    return words;
  }

  Optional<Hint> hint() {
    return hint;
  }

  List<Header> headers() {
    return headers;
  }

  Duration delay() {
    return delay;
  }

  /** The trouble and the wait. */
  @Override
  public String toString() {
    return "Fault[" + trouble + hint.map(h -> ", " + h.after()).orElse("") + "]";
  }
}
