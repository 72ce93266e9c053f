package dev.belay.server.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Time;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.budget.BudgetLimits;
import dev.belay.llm.budget.Spent;
import dev.belay.llm.check.Validators;
import dev.belay.llm.delay.DelaySettings;
import dev.belay.llm.delay.Preset;
import dev.belay.llm.json.Json;
import dev.belay.llm.transcript.CallRecord;
import dev.belay.llm.transcript.CallStart;
import dev.belay.llm.transcript.CallTerms;
import dev.belay.llm.transcript.CorrectionRules;
import dev.belay.llm.transcript.Ending;
import dev.belay.llm.transcript.Recorder;
import dev.belay.llm.transcript.Transcript;
import dev.belay.llm.transcript.TranscriptFile;
import dev.belay.llm.transcript.TranscriptSettings;
import dev.belay.llm.transcript.Transcripts;
import dev.belay.llm.transcript.replay.Replay;
import dev.belay.llm.transcript.replay.ReplayReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of the guide to transcripts, run as it stands there. */
class TranscriptSnippetsTest {
  private static final CallTerms TERMS =
      new CallTerms(
          "interactive", Duration.ofMinutes(2), false, CorrectionRules.ONCE, BudgetLimits.NONE);

  @TempDir
  @SuppressWarnings("NullAway.Init") // set before each test
  private Path folder;

  @Test
  void writesAndReplays() throws Exception {
    ExecutorService disk = Executors.newSingleThreadExecutor();
    Recorder recorder =
        new Transcripts(
            folder, TranscriptSettings.DEFAULT, disk, Time.system(), new SplittableRandom());
    CallRecord call = recorder.begin(CallStart.of(LlmRequest.of("smart", "Why?"), TERMS));
    call.end(Ending.ANSWERED, Spent.NOTHING, Duration.ZERO, Duration.ZERO);
    disk.shutdown();
    assertThat(disk.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    Path file = file();
    int changed = 0;
    Replay replay =
        Replay.seeded(42)
            .waitingBy(DelaySettings.of(Preset.BATCH))
            .checkedBy(Validators.standard().from(Json.of("json")));
    for (Transcript transcript : TranscriptFile.read(file).transcripts()) {
      ReplayReport report = replay.of(transcript);
      changed += report.changed() ? 1 : 0;
    }
    assertThat(changed).isZero();
  }

  private Path file() throws Exception {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
  }
}
