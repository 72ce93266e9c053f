package dev.belay.llm.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.BreakerState;
import dev.belay.Hint;
import dev.belay.Time;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.ProviderError;
import dev.belay.llm.ProviderException;
import dev.belay.llm.delay.ArmTelemetry;
import dev.belay.llm.delay.DelaySettings;
import dev.belay.llm.delay.DelayTelemetry;
import dev.belay.llm.delay.Gate;
import dev.belay.llm.delay.Preset;
import dev.belay.llm.delay.Rollout;
import dev.belay.llm.delay.RolloutDelays;
import dev.belay.llm.delay.RolloutPlan;
import dev.belay.llm.provider.Backend;
import dev.belay.llm.provider.Headers;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.provider.OpenAiChat;
import dev.belay.llm.provider.Secret;
import dev.belay.testkit.Script;
import dev.belay.testkit.llm.Answer;
import dev.belay.testkit.llm.Fault;
import dev.belay.testkit.llm.FaultyProvider;
import dev.belay.testkit.llm.LlmRequest;
import dev.belay.testkit.llm.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class WaitsTest {
  private static final LlmCall HELLO = LlmCall.of("smart", "hello");

  private static LlmEndpoint endpoint(FaultyProvider provider) {
    return LlmEndpoint.of("one", "m")
        .backend(
            new Backend.Http(
                OpenAiChat.openAi(), provider.uri("/v1"), Secret.of("key"), Headers.NONE))
        .build();
  }

  private static FaultyProvider provider(Answer first, Answer... rest) {
    return FaultyProvider.start(Script.<LlmRequest, Answer>of(first, rest));
  }

  private static Gate gate(LlmClient client) {
    LlmRoute route = client.route("smart");
    return route.gate(route.endpoints().getFirst());
  }

  private static void await(Gate gate) {
    while (gate.state().closedFor().isZero()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void anAllowanceThatIsUsedUpClosesTheGateBeforeAnybodyIsRefused() throws Exception {
    Answer last =
        Answer.text("good")
            .header("x-ratelimit-limit-requests", "10")
            .header("x-ratelimit-remaining-requests", "0")
            .header("x-ratelimit-reset-requests", "2s");
    try (FaultyProvider provider = provider(last, Answer.text("better"));
        LlmClient client = LlmClient.builder().route("smart", endpoint(provider)).build()) {

      client.call(HELLO);
      assertThat(gate(client).state().closedFor()).isPositive();
      LlmResult second = client.call(HELLO);

      assertThat(second.text()).isEqualTo("better");
      assertThat(second.waited()).isPositive();
      assertThat(second.attempts()).isEqualTo(1);
      assertThat(client.gates().states()).hasSize(1);
    }
  }

  @Test
  void whoeverIsNotInTheRolloutWaitsAsBefore() throws Exception {
    DelaySettings nobody =
        DelaySettings.DEFAULT.withRollout(
            new RolloutPlan(
                0,
                "run_id",
                "p1",
                List.of(),
                List.of(),
                RolloutPlan.HaltRule.NEVER,
                RolloutPlan.FIRST_USE));
    ArmTelemetry counts = ArmTelemetry.empty();
    Rollout rollout = new Rollout(() -> nobody, () -> "", Time.system());
    RolloutDelays delays =
        new RolloutDelays(rollout, () -> nobody, new SplittableRandom(1), counts);
    try (FaultyProvider provider =
            provider(Fault.rateLimited(Duration.ofMillis(100)), Answer.text("good"));
        LlmClient client =
            LlmClient.builder().route("smart", endpoint(provider)).delays(delays).build()) {
      CompletableFuture<LlmResult> call = client.callAsync(HELLO.ofRun("run-1"));
      assertThat(provider.awaitRequests(1, Duration.ofSeconds(30))).isTrue();
      while (counts.baseline().total("shadow") == 0) {
        Thread.onSpinWait();
      }
      call.cancel(true);

      assertThat(provider.requestCount()).isEqualTo(1);
      assertThat(counts.baseline().count("shadow", "RATE_LIMIT_retry_to_retry")).isEqualTo(1);
    }
  }

  @Test
  void settingsMayChangeWhileCallsAreMade() throws Exception {
    AtomicReference<DelaySettings> settings = new AtomicReference<>(DelaySettings.DEFAULT);
    ArmTelemetry counts = ArmTelemetry.empty();
    DelayTelemetry telemetry = counts.fresh();
    Rollout rollout = new Rollout(settings::get, () -> "true", Time.system());
    RolloutDelays delays =
        new RolloutDelays(rollout, settings::get, new SplittableRandom(1), counts);
    try (FaultyProvider provider = provider(Answer.text("good"));
        LlmClient client =
            LlmClient.builder().route("smart", endpoint(provider)).delays(delays).build()) {
      LlmRoute route = client.route("smart");
      assertThat(route.policy("").maxHintWait()).isLessThan(Duration.ofMinutes(2));

      settings.set(DelaySettings.of(Preset.BATCH));

      assertThat(route.policy("").maxHintWait()).isGreaterThan(Duration.ofMinutes(9));
      assertThat(client.call(HELLO).text()).isEqualTo("good");
      assertThat(telemetry.total("calls")).isEqualTo(1);
    }
  }

  @Test
  void waitsAreCounted() throws Exception {
    ArmTelemetry counts = ArmTelemetry.empty();
    DelayTelemetry telemetry = counts.fresh();
    Rollout rollout = new Rollout(() -> DelaySettings.DEFAULT, () -> "true", Time.system());
    RolloutDelays delays =
        new RolloutDelays(rollout, () -> DelaySettings.DEFAULT, new SplittableRandom(1), counts);
    try (FaultyProvider provider =
            provider(
                Fault.rateLimited(Duration.ofMillis(50)),
                Answer.text("good"),
                Fault.of(Trouble.NOT_FOUND));
        LlmClient client =
            LlmClient.builder().route("smart", endpoint(provider)).delays(delays).build()) {
      client.call(HELLO);
      assertThatThrownBy(() -> client.call(HELLO)).isInstanceOf(ProviderFailed.class);

      assertThat(telemetry.total("calls")).isEqualTo(2);
      assertThat(telemetry.total("attempts")).isEqualTo(3);
      assertThat(telemetry.count("retries", "RATE_LIMIT")).isEqualTo(1);
      assertThat(telemetry.total("hints_honoured")).isEqualTo(1);
      assertThat(telemetry.total("recoveries")).isEqualTo(1);
      assertThat(telemetry.total("wasted_calls")).isZero();
      assertThat(telemetry.count("give_ups", "NOT_RETRYABLE")).isEqualTo(1);
    }
  }

  @Test
  void oneWhoHasNoTimeLeftDoesNotQueue() throws Exception {
    try (FaultyProvider provider =
            provider(Fault.rateLimited(Duration.ofSeconds(30)), Answer.text("good"));
        LlmClient client = LlmClient.builder().route("smart", endpoint(provider)).build()) {
      CompletableFuture<LlmResult> patient = client.callAsync(HELLO);
      await(gate(client));
      Instant before = Instant.now();

      ProviderFailed failure =
          catchThrowableOfType(
              ProviderFailed.class, () -> client.call(HELLO.within(Duration.ofSeconds(2))));

      assertThat(failure.retryAt()).isAfter(before.plusSeconds(20));
      assertThat(provider.requestCount()).isEqualTo(1);
      assertThat(client.route("smart").endpoints().getFirst().breaker().state())
          .isEqualTo(BreakerState.CLOSED);
      patient.cancel(true);
    }
  }

  @Test
  void requestsOfAnotherKindGoByTheSameRules() throws Exception {
    try (FaultyProvider provider = provider(Answer.text("good"));
        LlmClient client = LlmClient.builder().route("smart", endpoint(provider)).build()) {
      AtomicReference<Integer> attempts = new AtomicReference<>(0);
      AtomicReference<Duration> waited = new AtomicReference<>(Duration.ZERO);
      ProviderError limited =
          ProviderError.of(ErrorKind.RATE_LIMIT, "slow down")
              .withHint(Hint.after(Duration.ofMillis(50), "test"));
      CompletableFuture<String> answer =
          client
              .route("smart")
              .callAsync(
                  Caller.ANYBODY,
                  attempt -> {
                    attempts.set(attempt.number());
                    return attempt.number() == 1
                        ? CompletableFuture.failedFuture(new ProviderException(limited))
                        : CompletableFuture.completedFuture("good");
                  },
                  new RouteListener() {
                    @Override
                    public void waited(Duration time) {
                      waited.set(time);
                    }
                  },
                  Thread::startVirtualThread);
      await(gate(client));
      LlmResult other = client.call(HELLO);

      assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo("good");
      assertThat(attempts.get()).isEqualTo(2);
      assertThat(other.waited().plus(waited.get())).isPositive();
    }
  }
}
