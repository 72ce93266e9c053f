package dev.belay.server;

import dev.belay.SharedRandom;
import dev.belay.Time;
import dev.belay.llm.delay.ErrorReports;
import dev.belay.llm.transcript.ErrorRecorder;
import dev.belay.llm.transcript.Recorder;
import dev.belay.llm.transcript.TranscriptHealth;
import dev.belay.llm.transcript.TranscriptSettings;
import dev.belay.llm.transcript.Transcripts;
import dev.belay.server.config.LlmConfig;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/**
 * Writes calls to models down where the configuration wants it. Safe for any number of threads.
 *
 * @param transcripts of all calls; empty if nobody wants them
 * @param errors what failed; empty if nobody wants it
 * @param recorder is told of all calls, and tells the others
 */
record LlmRecords(
    Optional<Transcripts> transcripts, Optional<ErrorReports> errors, Recorder recorder) {
  private static final int MOST_ERRORS_QUEUED = 1_000;

  static LlmRecords of(LlmConfig.Records config, Time time) {
    Executor files = task -> Thread.ofVirtual().name("belay-llm-files").start(task);
    Optional<Transcripts> transcripts =
        config
            .transcripts()
            .map(folder ->
                new Transcripts(
                    folder,
                    TranscriptSettings.DEFAULT.withMostFiles(config.mostTranscripts()),
                    files,
                    time,
                    SharedRandom.INSTANCE));
    Optional<ErrorReports> errors =
        config
            .errors()
            .map(folder -> new ErrorReports(folder, config.mostPerRun(), config.mostRuns()));
    Optional<ErrorRecorder> recorded =
        errors.map(reports -> new ErrorRecorder(reports, files, time, MOST_ERRORS_QUEUED));
    Recorder all =
        Recorder.all(
            Stream.<Optional<? extends Recorder>>of(transcripts, recorded)
                .<Recorder>flatMap(one -> one.stream())
                .toList());
    return new LlmRecords(transcripts, errors, all);
  }

  Optional<TranscriptHealth> health() {
    return transcripts.map(Transcripts::health);
  }
}
