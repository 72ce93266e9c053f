/**
 * A scripted provider of large language models that fails on real sockets, for tests of whatever
 * calls one.
 *
 * <p>A {@link dev.belay.testkit.llm.FaultyProvider} speaks the wire formats of OpenAI, Anthropic
 * and Gemini, streams included. Its script consists of {@link dev.belay.testkit.llm.Answer}s: good
 * ones, errors in each provider's own form with each way of saying when to come back, and streams
 * that break. It refuses what the real APIs refuse, and counts the calls that came although they
 * had been told to wait.
 *
 * <pre>{@code
 * try (FaultyProvider provider =
 *     FaultyProvider.start(
 *         Script.of(Fault.rateLimited(Duration.ofMillis(456)), Answer.text("hello")))) {
 *   client.chat(provider.uri("/v1"), "sk-test", "gpt-test", "hi");
 *   assertThat(provider.wastedCalls()).isZero();
 * }
 * }</pre>
 */
@org.jspecify.annotations.NullMarked
package dev.belay.testkit.llm;
