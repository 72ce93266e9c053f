package dev.belay.llm.transcript;

import dev.belay.llm.Finish;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.Usage;
import dev.belay.llm.budget.BudgetLimits;
import dev.belay.llm.correct.CorrectionPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** What tests of transcripts begin with. */
public final class Sample {
  /** The terms of a client that was told nothing. */
  public static final CallTerms TERMS =
      new CallTerms(
          "interactive",
          Duration.ofMinutes(2),
          false,
          CorrectionRules.of(CorrectionPolicy.DEFAULT),
          BudgetLimits.NONE);

  /** A call that begins. */
  public static final CallStart START = CallStart.of(LlmRequest.of("smart", "Why?"), TERMS);

  private Sample() {}

  /** An answer of this text. */
  public static LlmResponse response(String text) {
    LlmResponse.Choice choice = new LlmResponse.Choice(text, List.of(), "", Finish.STOP);
    return new LlmResponse("", "", List.of(choice), new Usage(10, 5, 0), "");
  }

  /** All files under a folder, sorted. */
  public static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
