package dev.belay.testkit.llm;

/**
 * A request and what it met.
 *
 * <pre>{@code
 * assertThat(provider.exchanges()).extracting(Exchange::status).containsExactly(429, 200);
 * }</pre>
 *
 * @param request what was asked
 * @param status the status that it was given; 0 where none was, as after a reset
 * @param refused whether the provider refused it by itself, before the script was asked
 */
public record Exchange(LlmRequest request, int status, boolean refused) {}
