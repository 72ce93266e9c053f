package dev.belay.llm.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Deadline;
import dev.belay.VirtualTime;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.Message;
import dev.belay.llm.Part;
import dev.belay.llm.Usage;
import dev.belay.llm.provider.Prices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class CallBudgetTest {
  private static CallBudget budget(BudgetLimits limits) {
    return new CallBudget(limits, Deadline.NEVER);
  }

  private static Optional<Shortage.What> take(CallBudget budget, boolean retry, long tokens) {
    return budget.take(retry, new Estimate(tokens, 0)).map(Shortage::what);
  }

  @Test
  void nRetriesAreNPlusOneRequests() {
    CallBudget budget = budget(BudgetLimits.NONE.withRetries(2));

    assertThat(take(budget, false, 0)).isEmpty();
    assertThat(take(budget, true, 0)).isEmpty();
    assertThat(take(budget, true, 0)).isEmpty();
    assertThat(take(budget, true, 0)).contains(Shortage.What.RETRIES);
    assertThat(budget.spent().attempts()).isEqualTo(3);
  }

  @Test
  void retriesTakeNothingFromCorrectionsNorTheOtherWayRound() {
    CallBudget budget = budget(BudgetLimits.NONE.withRetries(0).withCorrections(1));

    assertThat(take(budget, true, 0)).contains(Shortage.What.RETRIES);
    assertThat(budget.correct()).isEmpty();
    assertThat(budget.correct().map(Shortage::what)).contains(Shortage.What.CORRECTIONS);
    assertThat(take(budget, false, 0)).isEmpty();
  }

  @Test
  void whatIsSetAsideIsNotThereForOthers() {
    CallBudget budget = budget(BudgetLimits.NONE.withTokens(100));
    Estimate need = new Estimate(60, 0);

    assertThat(budget.take(false, need)).isEmpty();
    assertThat(take(budget, false, 60)).contains(Shortage.What.TOKENS);
    budget.settle(need, new Usage(10, 10, 0), 0);
    assertThat(take(budget, false, 60)).isEmpty();
    assertThat(budget.spent().usage().total()).isEqualTo(20);
  }

  @Test
  void saysInWordsWhatDoesNotFit() {
    CallBudget budget = budget(BudgetLimits.NONE.withDollars(0.5));

    assertThat(budget.take(false, new Estimate(0, 0.75)))
        .hasValueSatisfying(missing -> {
          assertThat(missing.what()).isEqualTo(Shortage.What.DOLLARS);
          assertThat(missing.why()).contains("$0.7500").contains("$0.5000");
        });
    assertThat(budget.exhausted()).isEmpty();
    budget.settle(Estimate.NONE, Usage.NONE, 0.5);
    assertThat(budget.exhausted()).hasValueSatisfying(why -> assertThat(why).contains("$0.5000"));
  }

  @Test
  void aDeadlineThatHasPassedUsesItAllUp() {
    VirtualTime time = new VirtualTime();
    CallBudget budget = new CallBudget(BudgetLimits.NONE, Deadline.in(Duration.ofSeconds(1), time));

    assertThat(budget.exhausted()).isEmpty();
    time.advance(Duration.ofSeconds(1));
    assertThat(take(budget, false, 0)).contains(Shortage.What.DEADLINE);
    assertThat(budget.exhausted()).isPresent();
  }

  @Test
  void allAttemptsAreCountedWhoeverMakesThem() throws Exception {
    CallBudget budget = budget(BudgetLimits.NONE.withAttempts(100).withTokens(1_000_000));
    List<Future<Integer>> takers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        takers.add(
            threads.submit(() -> {
              int granted = 0;
              for (int n = 0; n < 50; n++) {
                Estimate need = new Estimate(7, 0);
                if (budget.take(false, need).isEmpty()) {
                  budget.settle(need, new Usage(1, 1, 0), 0);
                  granted++;
                }
              }
              return granted;
            }));
      }
    }
    int all = 0;
    for (Future<Integer> taker : takers) {
      all += taker.get();
    }

    assertThat(all).isEqualTo(100);
    assertThat(budget.spent().usage().total()).isEqualTo(200);
    assertThat(budget.exhausted()).contains("all 100 attempts are used");
  }

  @Test
  void anEstimateCountsWhatIsSentAndTheLongestAnswer() {
    LlmRequest request =
        LlmRequest.to("m")
            .messages(
                List.of(
                    Message.user("12345678"),
                    new Message(
                        Message.Role.ASSISTANT, List.of(new Part.ToolCall("1", "tool", "{}"))),
                    new Message(
                        Message.Role.TOOL,
                        List.of(
                            new Part.ToolResult("1", "abcd", false),
                            new Part.Media("image/png", "aaaa", true)))))
            .maxTokens(100)
            .build();

    Estimate estimate = Estimate.of(request, new Prices(1, 10, 0));

    assertThat(estimate.tokens()).isEqualTo(2 + 2 + 1 + 100);
    assertThat(estimate.dollars()).isEqualTo((5 + 1000) / 1e6);
  }

  @Test
  void limitsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> BudgetLimits.NONE.withAttempts(0))
        .hasMessage("attempts must be 1 or more, was 0");
    assertThatThrownBy(() -> BudgetLimits.NONE.withRetries(-1))
        .hasMessage("retries must be 0 or more, was -1");
    assertThatThrownBy(() -> BudgetLimits.NONE.withTokens(-1))
        .hasMessage("tokens must be 0 (no limit) or more, was -1");
    assertThatThrownBy(() -> BudgetLimits.NONE.withDollars(Double.NaN))
        .hasMessageContaining("dollars");
  }
}
