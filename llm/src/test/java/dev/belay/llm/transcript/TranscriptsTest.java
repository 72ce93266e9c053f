package dev.belay.llm.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.VirtualTime;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.Message;
import dev.belay.llm.Usage;
import dev.belay.llm.budget.Spent;
import dev.belay.llm.check.Answer;
import dev.belay.llm.check.Finding;
import dev.belay.llm.correct.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TranscriptsTest {
  private static final Place PLACE = new Place(1, 1, "openai/gpt", "openai");

  private final VirtualTime time = new VirtualTime();
  private final Queue<Runnable> later = new ArrayDeque<>();

  @TempDir
  @SuppressWarnings("NullAway.Init") // set before each test
  private Path folder;

  private Transcripts transcripts(TranscriptSettings settings, Executor executor) {
    return new Transcripts(folder, settings, executor, time, new Random(1));
  }

  private Transcripts atOnce() {
    return transcripts(TranscriptSettings.DEFAULT, Runnable::run);
  }

  private static void end(CallRecord call) {
    call.end(Ending.ANSWERED, Spent.NOTHING, Duration.ZERO, Duration.ofSeconds(1));
  }

  private Transcript only() throws IOException {
    List<Path> files = Sample.files(folder);
    assertThat(files).hasSize(1);
    return TranscriptFile.read(files.getFirst()).transcripts().getFirst();
  }

  @Test
  void oneFileForEachCallByDayAndTime() throws Exception {
    Transcripts transcripts = atOnce();
    time.sleep(Duration.ofHours(3).plusSeconds(25).toNanos());

    CallRecord call = transcripts.begin(Sample.START);

    assertThat(Sample.files(folder))
        .containsExactly(folder.resolve("20260101/030025_" + call.id() + ".jsonl"));
    assertThat(only().call().id()).isEqualTo(call.id());
  }

  @Test
  void allThatHappenedIsInItInOrder() throws Exception {
    CallRecord call = atOnce().begin(Sample.START);

    call.attempt(PLACE, Duration.ofMillis(5), WaitedFor.GATE);
    call.answered(PLACE, Sample.response("{"), 0.5, Duration.ofSeconds(2));
    call.checked(Finding.valid(Answer.of("{}", LlmRequest.of("smart", "Why?"))));
    call.correction(Stage.TOOL, Duration.ofSeconds(1), 70);
    end(call);

    List<TranscriptLine> lines = only().lines();
    assertThat(lines).hasSize(6);
    assertThat(lines.get(1))
        .isEqualTo(
            new TranscriptLine.Attempt(
                time.instant(), PLACE, Duration.ofMillis(5), WaitedFor.GATE));
    assertThat(((TranscriptLine.Answered) lines.get(2)).usage()).isEqualTo(new Usage(10, 5, 0));
    assertThat(((TranscriptLine.Checked) lines.get(3)).repaired()).isTrue();
    assertThat(((TranscriptLine.Correction) lines.get(4)).feedbackLength()).isEqualTo(70);
    assertThat(only().end()).isPresent();
  }

  @Test
  void whatHappenedIsThereBeforeTheCallEnds() throws Exception {
    CallRecord call = atOnce().begin(Sample.START);
    call.attempt(PLACE, Duration.ZERO, WaitedFor.NOTHING);

    assertThat(only().lines()).hasSize(2);
    assertThat(only().end()).isEmpty();
  }

  @Test
  void nothingFollowsTheEnd() throws Exception {
    Transcripts transcripts = atOnce();
    CallRecord call = transcripts.begin(Sample.START);
    end(call);

    call.attempt(PLACE, Duration.ZERO, WaitedFor.NOTHING);

    assertThat(only().lines()).hasSize(2);
    assertThat(transcripts.health().dropped()).isEqualTo(1);
  }

  @Test
  void doesNothingOnTheThreadOfTheCall() throws Exception {
    Transcripts transcripts = transcripts(TranscriptSettings.DEFAULT, later::add);

    end(transcripts.begin(Sample.START));

    assertThat(Sample.files(folder)).isEmpty();
    assertThat(later).hasSize(1);
    later.remove().run();
    assertThat(only().lines()).hasSize(2);
  }

  @Test
  void manyThreadsAndManyCallsKeepTheOrderOfEach() throws Exception {
    int calls = 40;
    int lines = 100;
    List<Integer> expected = new ArrayList<>();
    for (int i = 1; i <= lines; i++) {
      expected.add(i);
    }
    ExecutorService writers = Executors.newFixedThreadPool(4);
    Transcripts transcripts =
        transcripts(TranscriptSettings.DEFAULT.withMostQueued(100_000), writers);
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < calls; i++) {
        all.add(
            callers.submit(() -> {
              CallRecord call = transcripts.begin(Sample.START);
              for (int number : expected) {
                call.attempt(new Place(1, number, "a/b", "a"), Duration.ZERO, WaitedFor.NOTHING);
              }
              end(call);
            }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    writers.shutdown();
    assertThat(writers.awaitTermination(30, TimeUnit.SECONDS)).isTrue();

    List<Path> files = Sample.files(folder);
    assertThat(files).hasSize(calls);
    for (Path file : files) {
      Transcript transcript = TranscriptFile.read(file).transcripts().getFirst();
      assertThat(transcript.end()).isPresent();
      assertThat(
              transcript.lines().stream()
                  .filter(TranscriptLine.Attempt.class::isInstance)
                  .map(line -> ((TranscriptLine.Attempt) line).place().attempt()))
          .isEqualTo(expected);
    }
    assertThat(transcripts.health())
        .isEqualTo(new TranscriptHealth(calls, calls * (lines + 2L), 0, 0, "", false));
  }

  @Test
  void aFullQueueLeavesAMarkAndTheEnd() throws Exception {
    Transcripts transcripts = transcripts(TranscriptSettings.DEFAULT.withMostQueued(2), later::add);
    CallRecord call = transcripts.begin(Sample.START);
    for (int i = 0; i < 5; i++) {
      call.attempt(PLACE, Duration.ZERO, WaitedFor.NOTHING);
    }
    end(call);

    later.remove().run();

    assertThat(only().lines())
        .extracting(line -> line.getClass().getSimpleName())
        .containsExactly("Call", "Attempt", "Truncated", "End");
    assertThat(only().isTruncated()).isTrue();
    assertThat(transcripts.health().dropped()).isEqualTo(4);
    CallRecord next = transcripts.begin(Sample.START);
    end(next);
    later.remove().run();
    assertThat(Sample.files(folder)).as("room was given back").hasSize(2);
  }

  @Test
  void aCallWhoseBeginningFindsNoRoomHasNoTranscript() throws Exception {
    Transcripts transcripts = transcripts(TranscriptSettings.DEFAULT.withMostQueued(1), later::add);
    CallRecord first = transcripts.begin(Sample.START);
    CallRecord second = transcripts.begin(Sample.START);
    end(second);
    end(first);

    later.remove().run();

    assertThat(later).isEmpty();
    assertThat(only().call().id()).isEqualTo(first.id());
    assertThat(transcripts.health().dropped()).isEqualTo(2);
  }

  @Test
  void aFileIsOnlySoLongAndEndsAllTheSame() throws Exception {
    Transcripts transcripts =
        transcripts(TranscriptSettings.DEFAULT.withMostBytes(20_000), Runnable::run);
    CallRecord call = transcripts.begin(Sample.START);
    for (int i = 0; i < 50; i++) {
      call.answered(PLACE, Sample.response("x".repeat(1_000)), 0, Duration.ZERO);
    }
    call.end(
        new Ending("ProviderFailed", "ü".repeat(5_000)),
        Spent.NOTHING,
        Duration.ZERO,
        Duration.ZERO);

    assertThat(Files.size(Sample.files(folder).getFirst())).isLessThanOrEqualTo(20_000);
    assertThat(only().isTruncated()).isTrue();
    assertThat(only().end()).isPresent();
    assertThat(transcripts.health().dropped()).isGreaterThan(40);
  }

  @Test
  void aLongTextIsCutAndItsLengthNoted() throws Exception {
    CallRecord call =
        transcripts(TranscriptSettings.DEFAULT.withLongestText(100), Runnable::run)
            .begin(CallStart.of(LlmRequest.of("smart", "y".repeat(500)), Sample.TERMS));
    call.answered(PLACE, Sample.response("x".repeat(1_000)), 0, Duration.ZERO);

    TranscriptLine.Said said = ((TranscriptLine.Answered) only().lines().get(1)).said();
    assertThat(said.length()).isEqualTo(1_000);
    assertThat(said.choice().text()).isEqualTo("x".repeat(100) + "…[cut: 1000 characters]");
    assertThat(said.isWhole()).isFalse();
    assertThat(only().call().asked().messages().getFirst().text())
        .isEqualTo("y".repeat(100) + "…[cut: 500 characters]");
  }

  @Test
  void aRequestThatIsTooLargeLosesItsTextsAndNotTheTranscript() throws Exception {
    List<Message> messages = Collections.nCopies(5_000, Message.user("z".repeat(50)));
    LlmRequest huge = LlmRequest.to("smart").messages(messages).build();

    end(
        transcripts(TranscriptSettings.DEFAULT.withMostBytes(20_000), Runnable::run)
            .begin(CallStart.of(huge, Sample.TERMS)));

    assertThat(only().call().asked().messages().getFirst().text()).contains("conversation");
    assertThat(only().end()).isPresent();
  }

  @Test
  void theOldestFilesGoAndThoseOfOthersStay() throws Exception {
    Files.createDirectories(folder.resolve("20250101"));
    Path old = Files.writeString(folder.resolve("20250101/000000_0123456789abcdef.jsonl"), "");
    Path other = Files.writeString(folder.resolve("notes.txt"), "mine");
    Transcripts transcripts =
        transcripts(TranscriptSettings.DEFAULT.withMostFiles(10), Runnable::run);
    String last = "";
    for (int i = 0; i < 15; i++) {
      time.sleep(Duration.ofSeconds(1).toNanos());
      CallRecord call = transcripts.begin(Sample.START);
      end(call);
      last = call.id();
    }

    assertThat(old).doesNotExist();
    assertThat(old.getParent()).doesNotExist();
    assertThat(other).exists();
    List<Path> files = Sample.files(folder.resolve("20260101"));
    assertThat(files).hasSizeBetween(9, 10);
    assertThat(files.getLast().toString()).contains(last);
  }

  @Test
  void aFolderThatCannotBeIsCountedAndHurtsNobody() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    Transcripts transcripts =
        new Transcripts(
            file.resolve("below"), TranscriptSettings.DEFAULT, Runnable::run, time, new Random(1));

    CallRecord call = transcripts.begin(Sample.START);
    end(call);

    assertThat(transcripts.health().failing()).isTrue();
    assertThat(transcripts.health().errors()).isEqualTo(1);
    assertThat(transcripts.health().lastError()).contains("below");
    assertThat(transcripts.health().dropped()).isGreaterThanOrEqualTo(1);
  }

  @Test
  void aFileThatIsGoneDoesNotComeBackWithoutItsBeginning() throws Exception {
    Transcripts transcripts = atOnce();
    CallRecord call = transcripts.begin(Sample.START);
    Files.delete(Sample.files(folder).getFirst());

    end(call);

    assertThat(Sample.files(folder)).isEmpty();
    assertThat(transcripts.health().failing()).isTrue();
    end(transcripts.begin(Sample.START));
    assertThat(transcripts.health().failing()).as("the next one is well").isFalse();
  }

  @Test
  void anExecutorThatRefusesIsCounted() {
    Transcripts transcripts =
        transcripts(
            TranscriptSettings.DEFAULT.withMostQueued(1),
            task -> {
              throw new RejectedExecutionException("closed");
            });

    end(transcripts.begin(Sample.START));
    end(transcripts.begin(Sample.START));

    assertThat(transcripts.health().errors()).isEqualTo(2);
    assertThat(transcripts.health().lastError()).contains("closed");
  }

  @Test
  void whatCannotBeIsCountedAndNotThrown() throws Exception {
    Transcripts transcripts = atOnce();
    CallRecord call = transcripts.begin(Sample.START);

    call.answered(PLACE, Sample.response("x"), Double.NaN, Duration.ZERO);
    call.attempt(PLACE, Duration.ofSeconds(-1), WaitedFor.NOTHING);
    end(call);

    assertThat(transcripts.health().errors()).isEqualTo(2);
    assertThat(only().lines())
        .extracting(line -> line.getClass().getSimpleName())
        .containsExactly("Call", "Truncated", "End");
  }

  @Test
  void nobodyIsToldUnlessSomebodyListens() {
    CallRecord call = Recorder.NONE.begin(Sample.START);
    call.attempt(PLACE, Duration.ZERO, WaitedFor.NOTHING);
    end(call);

    assertThat(call.id()).isEmpty();
  }
}
