package dev.belay.testkit.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Cases;
import dev.belay.testkit.Script;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Limits, overloads and days. */
class ModesTest {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Nested
  class ARateLimit {
    @Test
    void admitsSoManyOfEachKeyAndHintsTruly() throws Exception {
      try (FaultyProvider provider =
              FaultyProvider.start(RateLimit.fixedWindow(2, LONG).over(Answer.texts("fine")));
          Client client = new Client(provider)) {
        Client.Got first = client.send(client.chat(""));
        assertThat(first.header("x-ratelimit-remaining-requests")).isEqualTo("1");
        assertThat(first.header("x-ratelimit-limit-requests")).isEqualTo("2");
        assertThat(
                client.send(client.messages("")).header("anthropic-ratelimit-requests-remaining"))
            .isEqualTo("0");
        Client.Got third = client.send(client.chat(""));
        assertThat(third.status()).isEqualTo(429);
        assertThat(Long.parseLong(third.header("retry-after"))).isBetween(1L, 600L);
        assertThat(client.send(client.chat("")).status()).isEqualTo(429);
        assertThat(provider.wastedCalls()).isEqualTo(1);
        assertThat(client.send(client.chat("").setHeader("Authorization", "Bearer b")).status())
            .isEqualTo(200);
      }
    }

    @Test
    void beginsAnewForEachServer() throws Exception {
      Script<LlmRequest, Answer> script = RateLimit.tokenBucket(1, LONG).over(Answer.texts("fine"));
      for (int i = 0; i < 2; i++) {
        try (FaultyProvider provider = FaultyProvider.start(script);
            Client client = new Client(provider)) {
          assertThat(client.send(client.gemini("generateContent")).status()).isEqualTo(200);
          assertThat(client.send(client.gemini("generateContent")).body()).contains("RetryInfo");
        }
      }
    }

    @Test
    void givesBackAWindowAtOnce() {
      RateLimit.Limiter limiter =
          new RateLimit.Limiter(RateLimit.fixedWindow(2, Duration.ofNanos(100)));
      assertThat(limiter.take("k", 1000).remaining()).isEqualTo(1);
      assertThat(limiter.take("k", 1050).remaining()).isZero();
      assertThat(limiter.take("k", 1099))
          .isEqualTo(new Meter.Reading(false, 0, Duration.ofNanos(1)));
      assertThat(limiter.take("k", 1100).admitted()).isTrue();
      assertThat(limiter.take("k", 1090).reset()).isEqualTo(Duration.ofNanos(100));
    }

    @Test
    void fillsABucketEvenly() {
      RateLimit.Limiter limiter =
          new RateLimit.Limiter(RateLimit.tokenBucket(2, Duration.ofNanos(100)));
      assertThat(limiter.take("k", 0)).isEqualTo(new Meter.Reading(true, 1, Duration.ofNanos(50)));
      assertThat(limiter.take("k", 0)).isEqualTo(new Meter.Reading(true, 0, Duration.ofNanos(100)));
      assertThat(limiter.take("k", 10))
          .isEqualTo(new Meter.Reading(false, 0, Duration.ofNanos(40)));
      assertThat(limiter.take("k", 50).admitted()).isTrue();
      assertThat(limiter.take("k", 1_000_000).remaining()).isEqualTo(1);
    }

    record Load(RateLimit limit, List<Long> gaps) {}

    private static Load anyLoad(RandomGenerator random) {
      List<Long> gaps = new ArrayList<>();
      for (int i = random.nextInt(1, 60); i > 0; i--) {
        gaps.add(random.nextLong(0, 400));
      }
      RateLimit.Kind kind =
          random.nextBoolean() ? RateLimit.Kind.FIXED_WINDOW : RateLimit.Kind.TOKEN_BUCKET;
      Duration period = Duration.ofNanos(random.nextLong(1, 1000));
      return new Load(new RateLimit(random.nextInt(1, 8), period, kind), gaps);
    }

    @Test
    void admitsWhoeverObeysTheHintAndNobodyWhoComesEarlier() {
      Cases.check(
          200,
          ARateLimit::anyLoad,
          load -> {
            RateLimit.Limiter limiter = new RateLimit.Limiter(load.limit());
            long now = 0;
            for (long gap : load.gaps()) {
              now += gap;
              Meter.Reading reading = limiter.take("k", now);
              if (!reading.admitted()) {
                long due = now + reading.reset().toNanos();
                assertThat(reading.reset()).isPositive();
                assertThat(limiter.take("k", due - 1).admitted()).isFalse();
                assertThat(limiter.take("k", due).admitted()).isTrue();
                now = due;
              }
            }
          });
    }

    @Test
    void rejectsWhatMakesNoSense() {
      assertThatThrownBy(() -> RateLimit.fixedWindow(0, SECOND)).hasMessageContaining("was 0");
      assertThatThrownBy(() -> RateLimit.tokenBucket(1, Duration.ZERO))
          .hasMessageContaining("above 0");
    }
  }

  @Nested
  class AnOverload {
    @Test
    void hasRoomForSoMany() throws Exception {
      try (FaultyProvider provider =
              FaultyProvider.start(
                  new Overload(1)
                      .over(
                          Script.<LlmRequest, Answer>of(
                              Answer.text("fine").firstByteAfter(LONG))));
          Client client = new Client(provider)) {
        var first = client.http().sendAsync(client.chat("").build(), BodyHandlers.ofString());
        assertThat(provider.awaitRequests(1, Client.PATIENCE)).isTrue();
        assertThat(client.send(client.messages("")).status()).isEqualTo(529);
        assertThat(client.send(client.chat("")).status()).isEqualTo(503);
        assertThat(first).isNotDone();
      }
    }

    @Test
    void rejectsANegativeRoom() {
      assertThatThrownBy(() -> new Overload(-1)).hasMessageContaining("-1");
    }
  }

  @Nested
  class ADay {
    private final Day day =
        Day.of(
            new Day.Phase("fine", SECOND, Answer.texts("fine")),
            new Day.Phase("down", SECOND.multipliedBy(2), Script.of(Fault.status(503))));

    @Test
    void goesThroughItsPhasesOverAndOver() {
      assertThat(day.phaseAt(Duration.ZERO).name()).isEqualTo("fine");
      assertThat(day.phaseAt(SECOND.minusNanos(1)).name()).isEqualTo("fine");
      assertThat(day.phaseAt(SECOND).name()).isEqualTo("down");
      assertThat(day.phaseAt(SECOND.multipliedBy(3)).name()).isEqualTo("fine");
      assertThat(day.phaseAt(SECOND.multipliedBy(4)).name()).isEqualTo("down");
    }

    @Test
    void beginsWithTheFirstRequest() throws Exception {
      Day long1 =
          Day.of(
              new Day.Phase("fine", LONG, Answer.texts("fine")),
              new Day.Phase("down", LONG, Script.of(Fault.status(503))));
      try (FaultyProvider provider = FaultyProvider.start(long1.script());
          Client client = new Client(provider)) {
        assertThat(client.send(client.chat("")).status()).isEqualTo(200);
        assertThat(client.send(client.chat("")).status()).isEqualTo(200);
      }
      try (FaultyProvider provider =
              FaultyProvider.start(
                  Day.of(
                          new Day.Phase("fine", Duration.ofNanos(1), Answer.texts("fine")),
                          new Day.Phase("down", LONG, Script.of(Fault.status(503))))
                      .script());
          Client client = new Client(provider)) {
        assertThat(client.send(client.chat("")).status()).isEqualTo(200);
        assertThat(client.send(client.chat("")).status()).isEqualTo(503);
      }
    }

    @Test
    void mayBeBad() throws Exception {
      Day bad = Day.bad(LONG);
      assertThat(bad.phases())
          .extracting(Day.Phase::name)
          .containsExactly("fine", "rate limited", "overloaded", "broken streams", "slow", "down");
      for (Day.Phase phase : bad.phases()) {
        try (FaultyProvider provider = FaultyProvider.start(phase.script());
            Client client = new Client(provider)) {
          Instant start = Instant.now();
          Client.Got got = client.send(client.chat(",\"stream\":true"));
          switch (phase.name()) {
            case "overloaded" -> assertThat(got.status()).isEqualTo(503);
            case "broken streams" -> assertThat(got.body()).doesNotContain("[DONE]");
            case "slow" -> assertThat(Duration.between(start, Instant.now())).isGreaterThan(SECOND);
            case "down" -> assertThat(got.status()).isEqualTo(502);
            default -> assertThat(got.body()).contains("[DONE]");
          }
          if (phase.name().equals("broken streams")) {
            client.send(client.chat(""));
            assertThat(client.send(client.chat("")).status()).isEqualTo(200);
          }
        }
      }
    }

    @Test
    void rejectsWhatMakesNoSense() {
      assertThatThrownBy(Day::of).hasMessageContaining("needs a phase");
      assertThatThrownBy(() -> new Day.Phase("x", Duration.ZERO, Answer.texts("fine")))
          .hasMessageContaining("'x'");
    }
  }
}
