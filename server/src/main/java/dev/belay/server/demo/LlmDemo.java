package dev.belay.server.demo;

import static java.util.Objects.requireNonNull;

import dev.belay.server.BelayServer;
import dev.belay.server.config.BelayConfig;
import dev.belay.testkit.Script;
import dev.belay.testkit.llm.Answer;
import dev.belay.testkit.llm.Day;
import dev.belay.testkit.llm.FaultyProvider;
import dev.belay.testkit.llm.LlmRequest;
import dev.belay.testkit.llm.RateLimit;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Lets two providers of models have a bad day, and asks them the same questions twice: as most
 * programs do, with a client of one provider that tries again, and through Belay. All on loopback.
 */
public final class LlmDemo {
  private static final Duration PHASE = Duration.ofSeconds(2);
  private static final int PHASES = 6;

  private final int perSecond;

  /**
   * One that has not begun.
   *
   * @param perSecond questions, 1 to 100
   */
  public LlmDemo(int perSecond) {
    if (perSecond < 1 || perSecond > 100) {
      throw new IllegalArgumentException("questions must be 1 to 100 a second, was " + perSecond);
    }
    this.perSecond = perSecond;
  }

  /** Both columns. */
  public record Outcome(Map<String, Object> plain, Map<String, Object> belay) {}

  /** What the day of each provider is like, for people. */
  public static List<String> habits() {
    return List.of(
        "one   fine, then rate limited, overloaded, breaking off, slow and down, 2 s each",
        "two   slow at first, fine, and rate limited while the other one breaks off");
  }

  private static Day ofTheOther() {
    Script<LlmRequest, Answer> fine = Script.of(Answer.echo());
    Script<LlmRequest, Answer> slow =
        Script.of(
            Answer.from(request ->
                Answer.text(request.lastUserText()).firstByteAfter(Duration.ofMillis(800))));
    return Day.of(
        new Day.Phase("slow", PHASE, slow),
        new Day.Phase("fine", PHASE.multipliedBy(2), fine),
        new Day.Phase(
            "rate limited", PHASE, RateLimit.fixedWindow(20, Duration.ofSeconds(1)).over(fine)),
        new Day.Phase("fine again", PHASE.multipliedBy(2), fine));
  }

  /** Lives the day twice; about half a minute. */
  public Outcome run(ProxyDemo.Progress progress) throws IOException, InterruptedException {
    return new Outcome(plain(progress), throughBelay(progress));
  }

  private Map<String, Object> plain(ProxyDemo.Progress progress) throws InterruptedException {
    try (FaultyProvider one = FaultyProvider.start(Day.bad(PHASE).script());
        Questions questions = new Questions(one.uri("/v1"), "model", 2)) {
      Questions.Result result = ask(questions, "one provider", progress);
      return result.json(one.requestCount(), one.wastedCalls());
    }
  }

  private Map<String, Object> throughBelay(ProxyDemo.Progress progress)
      throws IOException, InterruptedException {
    try (FaultyProvider one = FaultyProvider.start(Day.bad(PHASE).script());
        FaultyProvider two = FaultyProvider.start(ofTheOther().script())) {
      BelayServer server = BelayServer.start(config(one, two));
      try (Questions questions =
          new Questions(URI.create(server.llm().orElseThrow() + "/v1"), "smart", 0)) {
        Questions.Result result = ask(questions, "belay", progress);
        return result.json(
            one.requestCount() + two.requestCount(), one.wastedCalls() + two.wastedCalls());
      } finally {
        server.stop();
      }
    }
  }

  private Questions.Result ask(Questions questions, String side, ProxyDemo.Progress progress)
      throws InterruptedException {
    int all = (int) (perSecond * PHASE.toSeconds() * PHASES);
    Duration pause = Duration.ofSeconds(1).dividedBy(perSecond);
    return requireNonNull(
        questions.ask(all, pause, (done, good) -> progress.at(side, done, good, all)));
  }

  private static BelayConfig config(FaultyProvider one, FaultyProvider two) {
    return BelayConfig.parse(
        """
        control: {port: 0}
        proxy: {port: 0, socks_port: 0}
        llm:
          port: 0
          circuit_breaker: {failure_threshold: 5, window_duration: 2s, timeout_duration: 1s}
          providers: {one: {url: "%s", key: demo}, two: {url: "%s", key: demo}}
          routes: {smart: {targets: [{provider: one, model: a}, {provider: two, model: b}]}}
        """
            .formatted(one.uri("/v1"), two.uri("/v1")),
        "the demo",
        Map.of());
  }
}
